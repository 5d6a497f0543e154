using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.Load.Stack;

/// <summary>Where the programs are that are put under load, as the build of this program has left them.</summary>
internal static class Programs
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    public static readonly string Root = FindRoot();
    public static readonly string Gateway = Built("src/MeteringGateway", "MeteringGateway.dll");
    public static readonly string BareProxy = Built("loadtests/BareProxy", "BareProxy.dll");
    public static readonly string AllocationHook = Built("loadtests/AllocationHook", "AllocationHook.dll");
    public static readonly string NginxPeer = Path.Combine(Root, "loadtests", "peers", "nginx");

    /// <summary>The folder of nginx's modules that has the one of Lua; empty where there is none.</summary>
    public static string NginxModules { get; } =
        new[] { "/usr/lib/nginx/modules", "/usr/share/nginx/modules", "/usr/lib64/nginx/modules" }
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "ngx_http_lua_module.so"))) ?? "";

    /// <summary>What is not on this machine and how to get it; empty when all is there.</summary>
    public static async Task<IReadOnlyList<string>> MissingAsync(bool nginx, CancellationToken cancellation)
    {
        var servers = await ServerBinaries.FindAsync(cancellation);
        return Missing(
            servers.Redis is null, servers.Postgres.Count == 0, ShellCommand.Find("wrk") is null,
            nginx && ShellCommand.Find("nginx") is null, nginx && NginxModules.Length == 0);
    }

    public static IReadOnlyList<string> Missing(bool redis, bool postgres, bool wrk, bool nginx, bool lua)
    {
        (bool IsMissing, string Package)[] all =
        [
            (redis, "redis-server"), (postgres, "postgresql"), (wrk, "wrk"), (nginx, "nginx"), (lua, "libnginx-mod-http-lua"),
        ];
        string[] missing = [.. all.Where(one => one.IsMissing).Select(one => one.Package)];
        return missing.Length == 0 ? [] :
        [
            $"Missing: {string.Join(", ", missing)}.",
            $"Run: sudo apt-get install -y --no-install-recommends {string.Join(' ', missing)}",
            .. nginx || lua ? ["Or leave that peer out: --without nginx"] : Array.Empty<string>(),
        ];
    }

    private static string Built(string project, string file) =>
        Path.Combine(Root, project, "bin", Configuration, "net10.0", file);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MeteringGateway.sln")))
        {
            folder = folder.Parent ?? throw new LocalServerException("Load tests must be run from a clone of the repository.");
        }

        return folder.FullName;
    }
}
