namespace MeteringGateway.Configuration;

/// <summary>The configuration can't be used. Each line names one key, its value and what would be right, ready to be printed.</summary>
internal sealed class ConfigurationException(IReadOnlyList<string> lines) : Exception(string.Join(Environment.NewLine, lines))
{
    /// <summary>
    /// What the process exits with, so that a supervisor can tell a wrong configuration (don't restart) from a crash (restart).
    /// </summary>
    public const int ExitCode = 2;

    public ConfigurationException(string line)
        : this([line])
    {
    }

    public IReadOnlyList<string> Lines { get; } = lines;
}
