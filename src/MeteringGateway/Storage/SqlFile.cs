using System.Reflection;

namespace MeteringGateway.Storage;

/// <summary>The statements in the <c>.sql</c> files beside their callers, embedded at build.</summary>
internal static class SqlFile
{
    /// <param name="path">Below the project: <c>Keys/get-key.sql</c>.</param>
    public static string Read(string path)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(path)
            ?? throw new InvalidOperationException($"No statement is embedded as '{path}'.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
