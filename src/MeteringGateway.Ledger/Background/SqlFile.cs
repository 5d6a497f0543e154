using System.Reflection;
using System.Runtime.CompilerServices;

namespace MeteringGateway.Ledger.Background;

/// <summary>
/// Reads the <c>.sql</c> files beside their callers, which the build embeds in the caller's assembly under their path below its
/// project: <c>Accounts/Keys/get-key.sql</c>.
/// </summary>
internal static class SqlFile
{
    /// <summary>Reads from the calling assembly. Not inlined, or the calling assembly could be another one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static string Read(string path) => Read(path, Assembly.GetCallingAssembly());

    public static string Read(string path, Assembly assembly) =>
        Find(path, assembly) ?? throw new InvalidOperationException($"No statement is embedded as '{path}': is its name spelt the same?");

    public static string? Find(string path, Assembly assembly)
    {
        using var stream = assembly.GetManifestResourceStream(path);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    public static IEnumerable<string> PathsBelow(string folder, Assembly assembly) =>
        assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal));
}
