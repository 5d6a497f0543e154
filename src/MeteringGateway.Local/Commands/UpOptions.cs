using System.Net;
using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.Local.Commands;

/// <summary>What ./run needs to know before anything starts, read the way the gateway itself reads it.</summary>
internal sealed record UpOptions(
    IConfiguration Configuration, string ConfigFile, IReadOnlyList<Uri> Urls, RunFiles Files, bool OwnConfig, bool DemoAsked)
{
    /// <summary>Where the gateway answers its operator, where that is not where it answers callers.</summary>
    public const string ManagementUrls = "Management:Urls";

    private const string DefaultUrls = "http://127.0.0.1:8080";
    private const string Redis = "Redis";
    private const string Postgres = "Postgres";

    public static UpOptions Read(bool demoAsked)
    {
        var own = Environment.GetEnvironmentVariable("GATEWAY_CONFIG");
        var file = Path.GetFullPath(string.IsNullOrEmpty(own) ? "config/gateway.json" : own);
        if (!File.Exists(file))
        {
            throw new LocalServerException($"There is no configuration file {file}.");
        }

        IConfiguration configuration;
        try
        {
            configuration = new ConfigurationBuilder()
                .AddJsonFile(file)
                .AddEnvironmentVariables("ASPNETCORE_")
                .AddEnvironmentVariables()
                .Build();
        }
        catch (InvalidDataException broken)
        {
            throw new LocalServerException($"{broken.Message} {broken.InnerException?.Message}".Trim());
        }

        var urls = configuration["Urls"] is { Length: > 0 } configured ? configured : DefaultUrls;
        var isOwnFile = file != Path.GetFullPath("config/gateway.json");
        return new UpOptions(configuration, file, Addresses("Urls", urls), RunFiles.Find(), isOwnFile, demoAsked)
        {
            Management = Addresses(ManagementUrls, string.Join(';', Listed(configuration.GetSection(ManagementUrls)))),
        };
    }

    public string RedisConnection => Configuration.GetConnectionString(Redis)?.Trim() ?? "";

    public string PostgresConnection => Configuration.GetConnectionString(Postgres)?.Trim() ?? "";

    /// <summary>Nobody named Redis or PostgreSQL, so both are ours, for this machine alone.</summary>
    public bool StartsStores => RedisConnection.Length == 0 && PostgresConnection.Length == 0;

    /// <summary>
    /// Before a PostgreSQL that holds nothing but this demo, and before others only with --demo: it gives credits for nothing.
    /// </summary>
    public bool IsDemo => StartsStores || DemoAsked;

    /// <summary>The addresses of <c>Management:Urls</c>; none: the operator's calls are answered where all others are.</summary>
    public IReadOnlyList<Uri> Management { get; private init; } = [];

    public static string ListOf(IEnumerable<Uri> addresses) =>
        string.Join(';', addresses.Select(url => url.GetLeftPart(UriPartial.Authority)));

    /// <summary>Where a person on this machine reaches the gateway.</summary>
    public Uri Gateway => Reached(Urls[0]);

    /// <summary>Where probes and the operator's calls are answered.</summary>
    public Uri Operator => Management.Count > 0 ? Reached(Management[0]) : Gateway;

    /// <summary>
    /// A Redis of our own before somebody's ledger would take it from the Redis that has it, and the other way round is no better.
    /// </summary>
    public void RefuseHalfOfTheStores()
    {
        if (RedisConnection.Length == 0 == (PostgresConnection.Length == 0))
        {
            return;
        }

        var (set, missing) = RedisConnection.Length > 0 ? (Redis, Postgres) : (Postgres, Redis);
        throw new LocalServerException(
            $"ConnectionStrings:{set} is set and ConnectionStrings:{missing} is not. "
                + $"Set both (ConnectionStrings__{missing}=…) to use your own stores, or neither, and ./run starts both.");
    }

    /// <summary>Asked before Redis and PostgreSQL are started, for a port in use is the likeliest thing to go wrong.</summary>
    public void RefuseTakenPorts()
    {
        foreach (var url in Urls.Concat(Management))
        {
            var address = IPAddress.TryParse(url.Host.Trim('[', ']'), out var parsed) ? parsed : IPAddress.Loopback;
            if (!LoopbackPort.IsFree(address, url.Port))
            {
                throw new LocalServerException(
                    $"Port {url.Port} is in use by another program: stop it, or choose another one, "
                        + $"as in Urls=http://127.0.0.1:{url.Port + 1} ./run");
            }
        }
    }

    private static IEnumerable<string> Listed(IConfigurationSection setting) =>
        setting.GetChildren().Select(child => child.Value ?? "").Append(setting.Value ?? "");

    private static Uri[] Addresses(string key, string list) =>
        [.. list.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(url => Parse(key, url))];

    private static Uri Reached(Uri listens) => IPAddress.TryParse(listens.Host.Trim('[', ']'), out var address)
        && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        ? new UriBuilder(listens) { Host = "127.0.0.1" }.Uri
        : listens;

    private static Uri Parse(string key, string url)
    {
        // Kestrel's wildcards are no host names.
        var named = url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
        if (!Uri.TryCreate(named, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https"))
        {
            throw new LocalServerException($"{key}: '{Typed.Plain(url)}' is no listen address; right would be {DefaultUrls}.");
        }

        // Port 0 means any that is free, and we have to know which.
        return parsed.Port == 0 ? new UriBuilder(parsed) { Port = LoopbackPort.Free() }.Uri : parsed;
    }
}
