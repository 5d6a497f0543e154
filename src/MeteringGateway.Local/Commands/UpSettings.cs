using System.Globalization;

namespace MeteringGateway.Local.Commands;

/// <summary>What ./run tells its gateway over the file and the environment, and what of that a person should know.</summary>
internal sealed class UpSettings(UpOptions options, LocalStack stack, DemoProviderPorts providers, string adminToken)
{
    private const string Sandbox = "Payments:Sandbox:Enabled";
    private const string SignUp = "People:SignUp";
    private const string Open = "open";
    private const string StopDelay = "Hosting:StopDelay";

    /// <summary>
    /// What a demo needs so that one can buy and sign up, and what is off everywhere else. That it is on is said here, so the gateway
    /// need not warn of it.
    /// </summary>
    private static readonly (string Name, string Value)[] s_demo =
        [(Sandbox, "true"), ("Payments:Sandbox:Announced", "true"), (SignUp, Open)];

    public IReadOnlyDictionary<string, string> Variables => Settings().ToDictionary(
        setting => setting.Name.Replace(ConfigurationPath.KeyDelimiter, "__", StringComparison.Ordinal), setting => setting.Value);

    /// <summary>What is on that would not be without ./run, a line each.</summary>
    public IEnumerable<string> IsOn
    {
        get
        {
            var on = new List<string>();
            if (IsTrue(Sandbox))
            {
                on.Add("the payment sandbox (buying costs nothing)");
            }

            if (Open.Equals(Value(SignUp), StringComparison.OrdinalIgnoreCase))
            {
                on.Add("open sign-up (whoever reaches this address can make an account)");
            }

            if (options.IsDemo && on.Count > 0)
            {
                yield return $"On for this demo: {string.Join(" and ", on)}. Off elsewhere unless set ({Sandbox}, {SignUp}).";
            }

            if (providers.Listening.Count > 0)
            {
                var named = string.Join(", ", providers.Listening.Select(
                    provider => string.Create(CultureInfo.InvariantCulture, $"{provider.Key} {provider.Value}")));
                var why = providers.Moved.Any() ? " (free ones, for another program has theirs)" : "";
                yield return $"Demo providers on this machine, by port: {named}{why}.";
            }
        }
    }

    private IEnumerable<(string Name, string Value)> Settings()
    {
        yield return ("GATEWAY_CONFIG", options.ConfigFile);
        yield return ("ConnectionStrings:Redis", stack.RedisConnection);
        yield return ("ConnectionStrings:Postgres", stack.PostgresConnection);
        yield return ("Admin:Token", adminToken);
        yield return ("Urls", UpOptions.ListOf(options.Urls));

        // Each by its number, which stands over one of a list as well as over a text.
        for (var i = 0; i < options.Management.Count; i++)
        {
            yield return (
                string.Create(CultureInfo.InvariantCulture, $"{UpOptions.ManagementUrls}:{i}"), UpOptions.ListOf([options.Management[i]]));
        }

        // Nothing stands in front that must learn of a stop first, and somebody waits for it.
        if (string.IsNullOrEmpty(options.Configuration[StopDelay]))
        {
            yield return (StopDelay, "00:00:00");
        }

        // Credits for nothing, for anybody: never against what is set.
        foreach (var setting in s_demo.Where(setting => options.IsDemo && string.IsNullOrEmpty(options.Configuration[setting.Name])))
        {
            yield return setting;
        }

        foreach (var setting in providers.Moved)
        {
            yield return setting;
        }
    }

    private string? Value(string name) =>
        options.Configuration[name] is { Length: > 0 } set ? set : Settings().FirstOrDefault(setting => setting.Name == name).Value;

    private bool IsTrue(string name) => bool.TryParse(Value(name), out var truth) && truth;
}
