namespace MeteringGateway.Local.LocalServers;

/// <summary>Gets missing servers from the system's package manager, without leaving a system service behind.</summary>
internal static class ServerInstaller
{
    /// <param name="forTests">Node.js and npm too, which run the clients of the tests, Prometheus with its promtool, and Chromium.</param>
    /// <param name="say">Told what is installed.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<ServerBinaries> EnsureAsync(bool forTests, Action<string> say, CancellationToken cancellation)
    {
        var found = await ServerBinaries.FindAsync(cancellation);
        var missing = Missing(found, forTests);
        if (missing.Count == 0)
        {
            return found;
        }

        if (ShellCommand.Find("apt-get") is null)
        {
            throw new LocalServerException(
                $"{string.Join(" and ", missing)} missing. Install with your package manager, then run this again "
                    + $"(Debian: sudo apt-get install {string.Join(' ', missing)}).");
        }

        var byHand = $"Run: sudo apt-get install -y --no-install-recommends {string.Join(' ', missing)}";
        var root = await RootPrefixAsync(cancellation)
            ?? throw new LocalServerException(
                $"{string.Join(" and ", missing)} missing, and neither root nor passwordless sudo is at hand. {byHand}");

        say($"Installing {string.Join(" and ", missing)} with apt-get …");
        var (code, output) = await ShellCommand.RunAsync([.. root, "sh", "-c", InstallScript, "install", .. missing], cancellation);
        found = await ServerBinaries.FindAsync(cancellation);
        if (Missing(found, forTests).Count > 0)
        {
            var reason = output.Split('\n').LastOrDefault(line => line.StartsWith("E:", StringComparison.Ordinal)) ?? $"exit code {code}";
            throw new LocalServerException($"apt-get could not install {string.Join(" and ", missing)}: {reason}. {byHand}");
        }

        return found;
    }

    /// <summary>Only what is ours is put in place and taken away again: a policy that was there before stays.</summary>
    private const string InstallScript = """
        export DEBIAN_FRONTEND=noninteractive
        policy=/usr/sbin/policy-rc.d
        clusters=/etc/postgresql-common/createcluster.d
        ours=
        made=
        trap '[ -z "$ours" ] || rm -f "$policy"; [ -z "$made" ] || rm -f "$made"' EXIT
        [ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && ours=1; }
        apt="apt-get -qq -o DPkg::Lock::Timeout=120"
        $apt update || true # a stale list may still do
        case " $* " in
          *" postgresql "*)
            $apt install -y --no-install-recommends postgresql-common
            if [ -e /etc/postgresql-common ] && mkdir -p "$clusters" && [ ! -e "$clusters/metering-gateway.conf" ]; then
              made=$clusters/metering-gateway.conf
              echo 'create_main_cluster = false' >"$made"
            fi ;;
        esac
        $apt install -y --no-install-recommends "$@"
        """;

    private static List<string> Missing(ServerBinaries found, bool forTests)
    {
        var missing = new List<string>();
        if (found.Redis is null)
        {
            missing.Add("redis-server");
        }

        if (found.Postgres.Count == 0)
        {
            missing.Add("postgresql");
        }

        if (forTests && found.Node is null)
        {
            missing.Add("nodejs");
        }

        if (forTests && found.Npm is null)
        {
            missing.Add("npm");
        }

        if (forTests && found.Chromium is null)
        {
            missing.Add("chromium");
        }

        // Debian's package has both.
        if (forTests && (found.Prometheus is null || found.Promtool is null))
        {
            missing.Add("prometheus");
        }

        return missing;
    }

    private static async Task<string[]?> RootPrefixAsync(CancellationToken cancellation)
    {
        if (Environment.IsPrivilegedProcess)
        {
            return [];
        }

        return ShellCommand.Find("sudo") is { } sudo && (await ShellCommand.RunAsync([sudo, "-n", "true"], cancellation)).Code == 0
            ? [sudo, "-n"]
            : null;
    }
}
