using System.Globalization;
using System.Security.Claims;

namespace MeteringGateway.WebConsole.Frame.Visits;

/// <summary>
/// Closes a side of the console to all but those who have signed in to it. It stands in front of <see cref="Forms.FormGuard"/>: a form's
/// token is good for the person that it was given to.
/// </summary>
internal static class VisitorGate
{
    public static RouteGroupBuilder RequireVisitor(this RouteGroupBuilder group) => group.AddEndpointFilter(static async (call, next) =>
    {
        var context = call.HttpContext;
        var services = context.RequestServices;
        if (services.GetRequiredService<ConsoleCookie>().Customers(context) is not { } session
            || await services.GetRequiredService<ConsoleVisits>().FindAsync(session, context.RequestAborted) is not { } visitor)
        {
            return ToSignIn(context, ConsolePaths.SignIn);
        }

        context.Features.Set(visitor);
        // With the wallet and the role: a form that was shown of the own wallet must not buy for the team that is open by now.
        SetUser(
            context,
            string.Create(CultureInfo.InvariantCulture, $"account:{visitor.PersonId}:{visitor.WalletId}:{visitor.Role}"));
        return visitor.IsSuspended && !IsWayOut(context.Request.Path)
            ? MessagePage.Of(
                "Suspended",
                "This account is suspended: its keys are refused, and nothing can be changed. Ask the operator of this gateway.",
                StatusCodes.Status403Forbidden)
            : await next(call);
    });

    public static RouteGroupBuilder RequireOperatorVisitor(this RouteGroupBuilder group) =>
        group.AddEndpointFilter(static async (call, next) =>
    {
        var context = call.HttpContext;
        var services = context.RequestServices;
        if (services.GetRequiredService<ConsoleCookie>().Operators(context) is not { } session
            || await services.GetRequiredService<ConsoleVisits>().FindOperatorAsync(session, context.RequestAborted) is not { } person)
        {
            return ToSignIn(context, ConsolePaths.OperatorSignIn);
        }

        context.Features.Set(person);
        SetUser(context, "operator:" + person.Name);
        return await next(call);
    });

    /// <summary>From a wallet that is suspended: to sign out, or to open another.</summary>
    private static bool IsWayOut(PathString path) =>
        path.Value!.EndsWith("/sign-out", StringComparison.Ordinal) || path.Value.EndsWith("/team/open", StringComparison.Ordinal);

    /// <summary>For form tokens alone: no API looks at it.</summary>
    private static void SetUser(HttpContext context, string name) =>
        context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, name)], "console"));

    private static SeeOther ToSignIn(HttpContext context, string page)
    {
        // A form is not sent again after a sign-in: the page that it stands on is where to go.
        var asked = context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent();
        var back = HttpMethods.IsGet(context.Request.Method) ? "?to=" + Uri.EscapeDataString(asked) : "";
        return SeeOther.To(page + back);
    }
}
