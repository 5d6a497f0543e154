using MeteringGateway.Accounts.People;
using MeteringGateway.Http.Errors;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Visits;
using Microsoft.Extensions.Options;

namespace MeteringGateway.WebConsole.SignIn;

/// <summary>What the sign-in page shows.</summary>
/// <param name="Email">As it was typed before.</param>
/// <param name="To">The page that was asked for.</param>
/// <param name="IsSignUpOpen">Whether one may open an account.</param>
/// <param name="Problem">Why the last attempt failed.</param>
public sealed record SignInModel(string? Email, string To, bool IsSignUpOpen, ApiProblem? Problem);

/// <param name="Email">As it was typed before.</param>
/// <param name="FullName">As it was typed before.</param>
/// <param name="IsOpen">False: accounts are made by the operator.</param>
/// <param name="Problem">Why the last attempt failed.</param>
public sealed record SignUpModel(string? Email, string? FullName, bool IsOpen, ApiProblem? Problem);

/// <summary>Signing in to the console and up, by email and password; the throttle is that of the account API.</summary>
internal static class SignInEndpoints
{
    private const int MostEmail = 320;
    private const int MostPassword = 200;

    public static void MapSignIn(this RouteGroupBuilder open)
    {
        open.MapGet("/sign-in", (HttpContext context, IOptions<PeopleOptions> people) =>
            Page(null, context.Request.Query["to"], people.Value, null, StatusCodes.Status200OK));
        open.MapPost("/sign-in", SignInAsync);
        open.MapGet("/sign-up", (IOptions<PeopleOptions> people) => SignUpPage(null, null, people.Value, null));
        open.MapPost("/sign-up", SignUpAsync);
    }

    public static void MapSignOut(this RouteGroupBuilder visitors) => visitors.MapPost("/sign-out", SignOutAsync);

    private static async Task<IResult> SignInAsync(
        FormFields form, HttpContext context, PasswordSignIn signIn, PersonStore people, ConsoleCookie cookie,
        IOptions<PeopleOptions> options)
    {
        var (email, to) = (form.Text("email"), form.Text("to"));
        if (signIn.Refuse(context.Connection.RemoteIpAddress) is { } early)
        {
            return Refused(early);
        }

        var (account, shown, problem) = await signIn.CheckAsync(
            Bounded(email, MostEmail), Bounded(form.Raw("password"), MostPassword), context.RequestAborted);
        if (account is null)
        {
            return Refused(problem!);
        }

        var (secret, hash) = ConsoleSecret.Create();
        if (await people.SignInToConsoleAsync(account.Id, shown!, hash, context.RequestAborted) is not { } expiresAt)
        {
            return Refused(PasswordSignIn.Wrong);
        }

        cookie.GiveCustomer(context, secret, expiresAt);
        return SeeOther.To(ConsolePaths.Back(to, ConsolePaths.Customers));

        IResult Refused(Problem why) =>
            Page(email, to, options.Value, ApiProblems.Of(why, context), ErrorCatalog.Of(why.Code).Status);
    }

    /// <summary>What no account can have is nobody's, and is looked up like everybody's.</summary>
    private static string Bounded(string? text, int most) =>
        text is null || text.Length > most || text.Any(char.IsControl) ? "" : text;

    private static async Task<IResult> SignUpAsync(
        FormFields form, HttpContext context, ConsoleApi api, SessionStore sessions, ConsoleCookie cookie, IOptions<PeopleOptions> options)
    {
        var (email, name) = (form.Text("email"), form.Text("full_name"));
        var answer = await api.SendAsync<SignedUp>(
            HttpMethods.Post, "/api/auth/sign-up", new { email, full_name = name, password = form.Raw("password") });
        if (!answer.IsOk)
        {
            return SignUpPage(email, name, options.Value, answer.Problem);
        }

        // The API's session is not the console's: it would be good for the APIs, and nobody needs it.
        var (secret, hash) = ConsoleSecret.Create();
        if (!Http.Authentication.SessionSecret.TryParse(answer.Value.Session, out var opened)
            || await sessions.ExchangeForConsoleAsync(answer.Value.User.Id, opened, hash, CancellationToken.None) is not { } expiresAt)
        {
            return SeeOther.To(ConsolePaths.SignIn);
        }

        cookie.GiveCustomer(context, secret, expiresAt);
        return SeeOther.To(ConsolePaths.Customers);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, SessionStore sessions, ConsoleCookie cookie)
    {
        await sessions.EndAsync(context.Features.Get<Visitor>()!.Session, CancellationToken.None);
        cookie.TakeCustomer(context);
        return SeeOther.Done(ConsolePaths.SignIn, "signed-out");
    }

    private static ConsolePage<SignInView, SignInModel> Page(
        string? email, string? to, PeopleOptions people, ApiProblem? problem, int status) =>
        new("Sign in", new SignInModel(email, ConsolePaths.Back(to, ConsolePaths.Customers), people.SignUp == PeopleOptions.Open, problem))
        {
            Status = status,
        };

    private static ConsolePage<SignUpView, SignUpModel> SignUpPage(
        string? email, string? name, PeopleOptions people, ApiProblem? problem) =>
        new("Open an account", new SignUpModel(email, name, people.SignUp == PeopleOptions.Open, problem))
        {
            Status = problem?.Status ?? StatusCodes.Status200OK,
        };

    private sealed record SignedUp(string Session, SignedUpUser User);

    private sealed record SignedUpUser(long Id);
}
