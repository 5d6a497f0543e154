namespace MeteringGateway.Local.LocalServers;

internal static class ServerLog
{
    /// <summary>What a server said last, which is why it ended.</summary>
    public static string LastLine(string path) =>
        (File.Exists(path) ? File.ReadLines(path).LastOrDefault(line => line.Trim().Length > 0)?.Trim() : null) ?? "it said nothing";

    /// <summary>Whether one of the last lines says that; the log is appended to by every start.</summary>
    public static bool EndsWith(string path, params ReadOnlySpan<string> words)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        var tail = string.Join('\n', File.ReadLines(path).TakeLast(8));
        foreach (var word in words)
        {
            if (tail.Contains(word, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
