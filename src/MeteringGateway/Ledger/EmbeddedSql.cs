using System.Reflection;

namespace MeteringGateway.Ledger;

/// <summary>The statements that lie beside their callers as <c>.sql</c> files, by their path below the project.</summary>
internal static class EmbeddedSql
{
    private static readonly Assembly _assembly = typeof(EmbeddedSql).Assembly;

    public static string Load(string path) =>
        Find(path) ?? throw new InvalidOperationException($"No embedded file {path}: is it in the project, and is its name spelt the same?");

    public static string? Find(string path)
    {
        using var stream = _assembly.GetManifestResourceStream(path);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    public static IEnumerable<string> PathsBelow(string folder) =>
        _assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal));
}
