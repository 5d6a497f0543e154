namespace MeteringGateway.FaultTests.Mutations;

/// <summary>One way to break the product on purpose, and the tests that must notice.</summary>
/// <param name="What">The protection that is taken away.</param>
/// <param name="Project">The folder under <c>tests</c>.</param>
/// <param name="Filter">As <c>dotnet test --filter</c> takes it.</param>
internal sealed record Mutation(string What, string Project, string Filter, params IReadOnlyList<Edit> Edits);

/// <param name="File">From the repository's root.</param>
/// <param name="Old">Stands in the file exactly once.</param>
/// <param name="New">What takes its place.</param>
internal sealed record Edit(string File, string Old, string New)
{
    /// <summary>Null: the edit no longer fits the code and must be written anew.</summary>
    public string? ApplyTo(string text)
    {
        var at = text.IndexOf(Old, StringComparison.Ordinal);
        return at < 0 || text.IndexOf(Old, at + 1, StringComparison.Ordinal) >= 0
            ? null
            : string.Concat(text.AsSpan(0, at), New, text.AsSpan(at + Old.Length));
    }
}
