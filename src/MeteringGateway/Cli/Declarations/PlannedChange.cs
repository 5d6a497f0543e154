namespace MeteringGateway.Cli.Declarations;

internal enum ChangeKind
{
    CreateKey,
    ChangeKey,
    RevokeKey,
    ChangeAccount,
}

/// <summary>A field before and after, as a person reads it.</summary>
internal sealed record FieldDifference(string Field, string Now, string Wanted);

/// <summary>One call that brings the gateway nearer to the file.</summary>
internal sealed record PlannedChange(
    ChangeKind Kind, long AccountId, string Account, string? Key, IReadOnlyList<FieldDifference> Differences,
    HttpMethod Method, string Path, object? Body)
{
    public string Action => Kind switch
    {
        ChangeKind.CreateKey => "create",
        ChangeKind.RevokeKey => "revoke",
        ChangeKind.ChangeKey or ChangeKind.ChangeAccount => "change",
        _ => throw new InvalidOperationException($"No word for {Kind}."),
    };
}
