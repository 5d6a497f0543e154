namespace MeteringGateway.Compare.Report;

/// <summary>
/// A part of a document that a program writes, between two marks; what people have written around it stays as it is.
/// </summary>
internal static class MarkedSection
{
    public static string Begin(string name) => $"<!-- {name}: written by loadtests/compare, changes here are lost -->";
    public static string End(string name) => $"<!-- end of {name} -->";

    /// <exception cref="InvalidOperationException">The document has no such marks.</exception>
    public static string Replace(string document, string name, string content)
    {
        var (begin, end) = (Begin(name), End(name));
        var from = document.IndexOf(begin, StringComparison.Ordinal);
        var to = document.IndexOf(end, StringComparison.Ordinal);
        return from >= 0 && to > from
            ? $"{document[..(from + begin.Length)]}\n\n{content.Trim()}\n\n{document[to..]}"
            : throw new InvalidOperationException($"The document has not both of these lines: {begin} and {end}");
    }
}
