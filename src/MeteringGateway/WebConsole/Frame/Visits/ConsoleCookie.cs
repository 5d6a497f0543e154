using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Edge;
using MeteringGateway.Http.Management;

namespace MeteringGateway.WebConsole.Frame.Visits;

/// <summary>
/// The cookies of those who have signed in to the console, one for customers and one for operators. Over TLS it has the prefix that binds
/// it to this host (<c>__Host-</c>), which wants the path <c>/</c>; the APIs look at no cookie.
/// </summary>
internal sealed class ConsoleCookie(PublicUrl address)
{
    private const string Customer = "mg_console";
    private const string Operator = "mg_operator";

    public SecretHash? Customers(HttpContext context) => ConsoleSecret.Parse(context.Request.Cookies[Name(context, Customer)]);

    public SecretHash? Operators(HttpContext context) => ConsoleSecret.Parse(context.Request.Cookies[Name(context, Operator)]);

    public void GiveCustomer(HttpContext context, string secret, DateTimeOffset expiresAt) => Give(context, Customer, secret, expiresAt);

    public void GiveOperator(HttpContext context, string secret, DateTimeOffset expiresAt) => Give(context, Operator, secret, expiresAt);

    public void TakeCustomer(HttpContext context) => context.Response.Cookies.Delete(Name(context, Customer), Options(context));

    public void TakeOperator(HttpContext context) => context.Response.Cookies.Delete(Name(context, Operator), Options(context));

    private void Give(HttpContext context, string name, string secret, DateTimeOffset expiresAt)
    {
        var options = Options(context);
        options.Expires = expiresAt;
        context.Response.Cookies.Append(Name(context, name), secret, options);
    }

    private CookieOptions Options(HttpContext context) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = IsSecure(context),
        Path = IsSecure(context) ? "/" : Frame.ConsolePaths.Customers,
        IsEssential = true,
    };

    private string Name(HttpContext context, string name) => IsSecure(context) ? "__Host-" + name : name;

    /// <summary>
    /// Also where a proxy in front ends TLS and is not among <c>Proxies:Known</c>: what is given out says https then. That is no address of
    /// <c>Management:Urls</c>, which operators reach as it is.
    /// </summary>
    private bool IsSecure(HttpContext context) =>
        context.Request.IsHttps
        || (!ManagementConnection.Is(context) && address.Value.StartsWith("https:", StringComparison.OrdinalIgnoreCase));
}
