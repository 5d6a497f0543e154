namespace MeteringGateway.Local.Commands;

/// <summary>
/// What <c>./run</c> keeps below its data directory. The operator's verbs of <c>./mg</c> look for the first two under the same names.
/// </summary>
internal sealed record RunFiles(string Data)
{
    /// <summary>Names the directory; <c>./mg</c> sets it to the one beside itself.</summary>
    private const string DataVariable = "METERING_DATA";

    public string AdminToken => Path.Combine(Data, "admin-token");
    public string GatewayUrl => Path.Combine(Data, "gateway.url");
    public string GatewayPid => Path.Combine(Data, "gateway.pid");
    public string Lock => Path.Combine(Data, "run.lock");
    public string PostgresUrl => Path.Combine(Data, "postgres.url");

    public static RunFiles Find() =>
        new(Path.GetFullPath(Environment.GetEnvironmentVariable(DataVariable) is { Length: > 0 } named ? named : ".data"));

    /// <param name="ownStores">Redis and PostgreSQL are somebody's own: their demo account is another one than that of ours.</param>
    public string DemoKeys(bool ownStores) => Path.Combine(Data, ownStores ? "demo-elsewhere.json" : "demo.json");
}
