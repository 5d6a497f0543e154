namespace MeteringGateway.WebConsole.Frame;

/// <summary>Where the two sides of the console begin.</summary>
internal static class ConsolePaths
{
    public const string Customers = "/console";
    public const string Operators = "/console/operator";
    public const string SignIn = Customers + "/sign-in";
    public const string OperatorSignIn = Operators + "/sign-in";

    /// <summary>
    /// Where to go after a sign-in: the page that was asked for, if it is one of this side of the console; else its first.
    /// </summary>
    public static string Back(string? asked, string root) =>
        asked is not null && asked.StartsWith(root, StringComparison.Ordinal)
        && (asked.Length == root.Length || asked[root.Length] is '/' or '?')
        && !asked.Contains('\\', StringComparison.Ordinal) && !asked.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? asked
            : root;
}
