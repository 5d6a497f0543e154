namespace MeteringGateway.Load.Accounts;

/// <summary>The file of keys that the load reads: a key a line, that of account 1 first.</summary>
internal static class KeyFiles
{
    public static void Write(string path, int count) =>
        File.WriteAllLines(path, Enumerable.Range(1, count).Select(number => KeyText.Of(number)));
}
