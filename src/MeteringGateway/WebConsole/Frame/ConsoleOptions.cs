using MeteringGateway.Configuration;

namespace MeteringGateway.WebConsole.Frame;

/// <summary>Section <c>Console</c>.</summary>
internal sealed class ConsoleOptions
{
    public const string Section = "Console";

    /// <summary>Where the dashboards are (Grafana), for a link on the page Status. Unset: no link.</summary>
    public string? Dashboards { get; set; }

    public void Check(ConfigurationErrors errors)
    {
        if (!string.IsNullOrEmpty(Dashboards)
            && !(Uri.TryCreate(Dashboards, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            errors.Add($"{Section}:{nameof(Dashboards)}", Dashboards, "an address like https://grafana.example.com");
        }
    }
}
