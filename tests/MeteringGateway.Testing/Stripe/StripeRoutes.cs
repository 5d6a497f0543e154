using System.Text.Json.Nodes;

namespace MeteringGateway.Testing.Stripe;

/// <param name="Id">What stands in the place of the path's star; empty where it has none.</param>
internal sealed record StripeCall(string Path, string Id, JsonObject Form);

/// <summary>Which call does what. A star stands for an id.</summary>
internal sealed class StripeRoutes
{
    private readonly List<(string Method, string[] Path, Func<StripeCall, JsonObject> Answer)> _routes = [];

    public StripeRoutes Get(string path, Func<StripeCall, JsonObject> answer) => Add("GET", path, answer);
    public StripeRoutes Post(string path, Func<StripeCall, JsonObject> answer) => Add("POST", path, answer);
    public StripeRoutes Delete(string path, Func<StripeCall, JsonObject> answer) => Add("DELETE", path, answer);

    public JsonObject Answer(string method, string path, JsonObject form)
    {
        var parts = path.Split('/');
        foreach (var route in _routes)
        {
            if (route.Method == method && Fits(route.Path, parts) is { } id)
            {
                return route.Answer(new StripeCall(path, id, form));
            }
        }

        throw StripeRefusal.Unknown(method, path);
    }

    private StripeRoutes Add(string method, string path, Func<StripeCall, JsonObject> answer)
    {
        _routes.Add((method, path.Split('/'), answer));
        return this;
    }

    private static string? Fits(string[] pattern, string[] parts)
    {
        if (pattern.Length != parts.Length)
        {
            return null;
        }

        var id = "";
        for (var i = 0; i < parts.Length; i++)
        {
            if (pattern[i] == "*")
            {
                id = parts[i];
            }
            else if (pattern[i] != parts[i])
            {
                return null;
            }
        }

        return id;
    }
}
