using MeteringGateway.Accounts.People;
using MeteringGateway.Http.Errors;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Visits;

namespace MeteringGateway.WebConsole.SignIn;

/// <param name="To">The page that was asked for.</param>
/// <param name="Problem">Why the last attempt failed.</param>
public sealed record OperatorSignInModel(string To, ApiProblem? Problem);

/// <summary>Operators sign in with their token, which the browser then forgets: its cookie holds a secret of its own.</summary>
internal static class OperatorSignInEndpoints
{
    public static void MapOperatorSignIn(this RouteGroupBuilder open)
    {
        open.MapGet("/sign-in", (HttpContext context) => Page(context.Request.Query["to"], null));
        open.MapPost("/sign-in", SignInAsync);
    }

    public static void MapOperatorSignOut(this RouteGroupBuilder operators) => operators.MapPost("/sign-out", SignOutAsync);

    private static async Task<IResult> SignInAsync(
        FormFields form, HttpContext context, ConsoleVisits visits, ConsoleCookie cookie, SignInThrottle throttle)
    {
        var to = form.Text("to");
        if (throttle.Take(context.Connection.RemoteIpAddress) is { } wait)
        {
            return Page(to, ApiProblems.Of(PasswordSignIn.TooMany(wait), context));
        }

        if (await visits.SignInOperatorAsync(form.Text("token") ?? "", context.RequestAborted) is not var (secret, expiresAt))
        {
            context.RequestServices.GetRequiredService<CredentialRefused>()(context);
            var problem = Problem.Of(ErrorCode.InvalidKey, "This is no operator's token, or one that has ended.");
            return Page(to, ApiProblems.Of(problem, context));
        }

        cookie.GiveOperator(context, secret, expiresAt);
        return SeeOther.To(ConsolePaths.Back(to, ConsolePaths.Operators));
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, ConsoleVisits visits, ConsoleCookie cookie)
    {
        await visits.EndOperatorAsync(context.Features.Get<OperatorVisitor>()!.Session, CancellationToken.None);
        cookie.TakeOperator(context);
        return SeeOther.Done(ConsolePaths.OperatorSignIn, "signed-out");
    }

    private static ConsolePage<OperatorSignInView, OperatorSignInModel> Page(string? to, ApiProblem? problem) =>
        new("Operator's sign-in", new OperatorSignInModel(ConsolePaths.Back(to, ConsolePaths.Operators), problem))
        {
            Status = problem?.Status ?? StatusCodes.Status200OK,
        };
}
