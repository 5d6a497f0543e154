using System.Globalization;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Accounts.Operators;

/// <summary>The calls on named operators. Their group lets only full access change any, as it does for every call.</summary>
internal static class OperatorEndpoints
{
    public static IServiceCollection AddOperators(this IServiceCollection services) => services
        .AddSingleton<OperatorStore>()
        .AddSingleton<OperatorOfToken>(provider => provider.GetRequiredService<OperatorStore>().FindAsync);

    public static IEndpointRouteBuilder MapOperators(this IEndpointRouteBuilder admin)
    {
        admin.MapPost("/operators", CreateAsync);
        admin.MapGet("/operators", ListAsync);
        admin.MapPost("/operators/{id:long}/rotate", RotateAsync);
        admin.MapDelete("/operators/{id:long}", RevokeAsync);
        return admin;
    }

    private static async Task<Results<Created<OperatorView>, Problem>> CreateAsync(
        RequestFields fields, HttpContext context, OperatorStore operators, TimeProvider time)
    {
        var now = time.GetUtcNow();
        if (NewOperator.Read(fields, now) is not { } wanted)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        return await operators.CreateAsync(wanted, Caller.Of(context), context.RequestAborted) is var (row, token)
            ? WireJson.Created(OperatorView.Of(row, now) with { Token = token })
            : Problem.Of(ErrorCode.Conflict, $"There is an operator {wanted.Name} already: revoke it first, or take another name.");
    }

    private static async Task<Results<Ok<OperatorPage>, Problem>> ListAsync(
        HttpRequest request, OperatorStore operators, TimeProvider time, CancellationToken cancellationToken)
    {
        var (page, problem) = Page.Read(request.Query);
        if (problem is not null)
        {
            return problem;
        }

        var (rows, total) = await operators.ListAsync(page, cancellationToken);
        var now = time.GetUtcNow();
        return WireJson.Ok(new OperatorPage([.. rows.Select(row => OperatorView.Of(row, now))], total, page.Limit, page.Offset));
    }

    private static async Task<Results<Ok<OperatorView>, Problem>> RotateAsync(
        long id, [OptionalBody] RequestFields fields, HttpContext context, OperatorStore operators, TimeProvider time)
    {
        var now = time.GetUtcNow();
        if (TokenLife.Read(fields, now) is not { } life)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        var (status, row, token) = await operators.RotateAsync(id, life, Caller.Of(context), context.RequestAborted);
        return status switch
        {
            TokenRotationStatus.Done => WireJson.Ok(OperatorView.Of(row!, now) with { Token = token }),
            TokenRotationStatus.Revoked =>
                Problem.Of(ErrorCode.Conflict, $"Operator {id} is revoked; a revoked operator stays as it is."),
            TokenRotationStatus.RotatedBefore => RotatedBefore(row!, now),
            TokenRotationStatus.Expired => Problem.Of(
                ErrorCode.Conflict,
                $"Operator {id} is {row!.StatusAt(now)}: give the new token an expires_at in the future, or null."),
            _ => Unknown(id),
        };
    }

    private static async Task<Results<NoContent, Problem>> RevokeAsync(long id, HttpContext context, OperatorStore operators) =>
        await operators.RevokeAsync(id, Caller.Of(context), context.RequestAborted) ? TypedResults.NoContent() : Unknown(id);

    private static Problem RotatedBefore(OperatorRow row, DateTimeOffset now) => Problem.Of(
        ErrorCode.Conflict,
        $"Operator {row.Id} has been rotated since and its token begins with {row.Prefix} now: this request was sent before, or "
            + "somebody else was faster. It was not rotated again, and a token is shown once: rotate it as it is now if nobody has that "
            + "token. " + Older(row, now));

    /// <summary>What becomes of the token before where the operator is rotated once more: one older token at most works.</summary>
    private static string Older(OperatorRow row, DateTimeOffset now) => row.PreviousTokenUntil is { } end && end > now
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"The token before it works until {end.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}, and that rotation ends it at once: "
                + $"make it when its token can be put in the place of what is in use.")
        : "No token before it works any more.";

    private static Problem Unknown(long id) => Problem.Of(ErrorCode.NotFound, $"There is no operator {id}.");
}
