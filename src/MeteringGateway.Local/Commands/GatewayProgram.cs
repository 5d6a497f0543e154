using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.Local.Commands;

/// <summary>
/// The gateway's program, which <c>./run</c> has built and names: it is started as a process of its own, and nothing of its inside is known
/// here.
/// </summary>
internal static class GatewayProgram
{
    /// <summary>
    /// How long the gateway may take to stop. It ends itself earlier, by what it has reloaded since; this is for a caller that may kill it
    /// and can't see that: more than any configuration can ask for, as a surface's time and the grace of a hold end at an hour each.
    /// </summary>
    public static readonly TimeSpan LongestStop = TimeSpan.FromMinutes(125);

    /// <summary>Its name in the list of processes.</summary>
    public const string Name = "MeteringGateway";

    /// <exception cref="LocalServerException">There is no such file.</exception>
    public static IReadOnlyList<string> Serve(string file)
    {
        if (!File.Exists(file))
        {
            throw new LocalServerException($"There is no gateway at {Path.GetFullPath(file)}: ./run builds it.");
        }

        var whole = Path.GetFullPath(file);
        return Path.GetExtension(whole) == ".dll" ? [Dotnet(), whole, "serve"] : [whole, "serve"];
    }

    /// <summary>The one that runs this program, for another one on the PATH may be too old for the gateway.</summary>
    private static string Dotnet() =>
        Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet";
}
