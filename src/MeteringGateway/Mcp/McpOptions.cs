using System.ComponentModel.DataAnnotations;
using MeteringGateway.Configuration;

namespace MeteringGateway.Mcp;

/// <summary>The tools that are served to models: section <c>Mcp</c>.</summary>
internal sealed class McpOptions
{
    public const string Section = "Mcp";

    /// <summary>On: it asks for the same credentials as the APIs, and offers nothing that they do not.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Whether the tools that make, change and revoke keys are offered to sessions. Off: what a model has read may tell it to use them.
    /// </summary>
    public bool Writes { get; set; }

    /// <summary>
    /// Names under which the gateway may be asked for beside loopback, the hosts of <c>Urls</c> and that of <c>PublicUrl</c>:
    /// <c>api.example.com</c>, <c>*.example.com</c> for all names below one, <c>*</c> for any.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; set; } = [];

    /// <summary>
    /// The largest answer of a call that a tool passes on; of a larger one it tells the charge alone. Above the 1 MiB of an answer that is
    /// held back, and far above what a model can read.
    /// </summary>
    [Range(64 * 1024, 64 * 1024 * 1024)]
    public int MaxAnswerBytes { get; set; } = 2 * 1024 * 1024;

    public void Check(ConfigurationErrors errors)
    {
        foreach (var host in AllowedHosts.Where(host => !IsHost(host)))
        {
            errors.Add(
                $"{Section}:{nameof(AllowedHosts)}", host, "names like api.example.com or *.example.com, without a scheme and a port");
        }
    }

    private static bool IsHost(string text) =>
        text == "*" || Uri.CheckHostName(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text) != UriHostNameType.Unknown;
}
