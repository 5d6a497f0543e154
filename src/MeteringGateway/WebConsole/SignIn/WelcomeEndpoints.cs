using MeteringGateway.Accounts.People;
using MeteringGateway.Accounts.People.Welcome;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Visits;

namespace MeteringGateway.WebConsole.SignIn;

/// <param name="Email">Of the account.</param>
/// <param name="FullName">Of the account.</param>
/// <param name="Secret">Of the link; part of the form's address.</param>
/// <param name="Problem">What was wrong with the password.</param>
public sealed record WelcomeModel(string Email, string FullName, string Secret, ApiProblem? Problem);

/// <summary>A link from the operator: the customer sets a password and is signed in. A look at the page does not use it up.</summary>
internal static class WelcomeEndpoints
{
    private const int LeastPassword = 10;
    private const int MostPassword = 200;

    public static void MapWelcome(this RouteGroupBuilder open)
    {
        open.MapGet("/welcome/{secret}", ShowAsync);
        open.MapPost("/welcome/{secret}", SetPasswordAsync);
    }

    private static async Task<IResult> ShowAsync(string secret, HttpContext context, WelcomeLinks links) =>
        await links.LookAsync(secret, context.RequestAborted) is { Link: { } link }
            ? Page(link, secret, null)
            : Ended;

    private static async Task<IResult> SetPasswordAsync(
        string secret, FormFields form, HttpContext context, WelcomeLinks links, PersonStore people, PasswordCheck passwords,
        PasswordSignIn signIn, ConsoleCookie cookie)
    {
        if (signIn.Refuse(context.Connection.RemoteIpAddress) is { } early)
        {
            return MessagePage.Of(ApiProblems.Of(early, context));
        }

        if (await links.LookAsync(secret, context.RequestAborted) is not { Link: { } link })
        {
            return Ended;
        }

        var password = form.Raw("password");
        if (password.Length is < LeastPassword or > MostPassword || password.Any(char.IsControl))
        {
            return Page(link, secret, new ApiProblem(
                StatusCodes.Status400BadRequest, "invalid_request", "Not this password.",
                $"It must have {LeastPassword} to {MostPassword} characters, none of them a control character."));
        }

        var hash = await passwords.HashAsync(password, context.RequestAborted);
        var (cookieSecret, session) = ConsoleSecret.Create();
        if (await people.WelcomeAsync(secret, hash, session, context.RequestAborted) is not { ExpiresAt: { } expiresAt })
        {
            return Ended;
        }

        cookie.GiveCustomer(context, cookieSecret, expiresAt);
        return SeeOther.To(ConsolePaths.Customers);
    }

    /// <summary>Used, too old, replaced by a newer one or never given out: which of them is nobody's business.</summary>
    private static IResult Ended => MessagePage.Of(
        "The link has ended",
        "It was good once, for a day. Ask the operator of this gateway for another one; with a password you can sign in.",
        StatusCodes.Status404NotFound, ConsolePaths.SignIn, "Sign in");

    private static ConsolePage<WelcomeView, WelcomeModel> Page(WelcomeLink link, string secret, ApiProblem? problem) =>
        new("Welcome", new WelcomeModel(link.Email, link.FullName, secret, problem))
        {
            Status = problem?.Status ?? StatusCodes.Status200OK,
        };
}
