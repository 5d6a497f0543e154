using System.Reflection;

namespace MeteringGateway.Storage;

/// <summary>The statements in the <c>.sql</c> files beside their callers, embedded at build, by their path below the project: <c>Keys/get-key.sql</c>.</summary>
internal static class SqlFile
{
    private static readonly Assembly s_assembly = typeof(SqlFile).Assembly;

    public static string Read(string path) =>
        Find(path) ?? throw new InvalidOperationException($"No statement is embedded as '{path}': is its name spelt the same?");

    public static string? Find(string path)
    {
        using var stream = s_assembly.GetManifestResourceStream(path);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    public static IEnumerable<string> PathsBelow(string folder) =>
        s_assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal));
}
