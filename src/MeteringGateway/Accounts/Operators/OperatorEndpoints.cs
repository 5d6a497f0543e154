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

        var (row, token) = await operators.RotateAsync(id, life, Caller.Of(context), context.RequestAborted);
        return row is null ? Unknown(id)
            : token is null ? Problem.Of(ErrorCode.Conflict, WhyNot(row, life, now))
            : WireJson.Ok(OperatorView.Of(row, now) with { Token = token });
    }

    private static async Task<Results<NoContent, Problem>> RevokeAsync(long id, HttpContext context, OperatorStore operators) =>
        await operators.RevokeAsync(id, Caller.Of(context), context.RequestAborted) ? TypedResults.NoContent() : Unknown(id);

    private static string WhyNot(OperatorRow row, TokenLife life, DateTimeOffset now) =>
        row.RevokedAt is not null ? $"Operator {row.Id} is revoked; a revoked operator stays as it is."
        : life.Prefix is { } prefix && prefix != row.Prefix
            ? $"Operator {row.Id} has been rotated since and its token begins with {row.Prefix} now: this request was sent before, or "
                + "somebody else was faster. It was not rotated again, and a token is shown once: rotate it as it is now if nobody has "
                + "that token."
        : $"Operator {row.Id} is {row.StatusAt(now)}: give the new token an expires_at in the future, or null.";

    private static Problem Unknown(long id) => Problem.Of(ErrorCode.NotFound, $"There is no operator {id}.");
}
