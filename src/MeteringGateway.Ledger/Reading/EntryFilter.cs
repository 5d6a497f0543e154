namespace MeteringGateway.Ledger.Reading;

/// <summary>
/// Which types are asked for, after an API's own names were taken back to ours. What an entry is called there may hang on its sign,
/// so credits and debits have a list each; a type that is in no table of names counts as one of the others.
/// </summary>
internal sealed record TypeFilter(
    IReadOnlyList<string> Credits, IReadOnlyList<string> Debits, bool OtherCredits, bool OtherDebits, IReadOnlyList<string> Known)
{
    public const string Usage = "usage";

    /// <summary>Whether charges of calls can be among them: nearly all entries are, and an index has the rest.</summary>
    public bool HasUsage => Credits.Contains(Usage) || Debits.Contains(Usage);

    public bool Matches(string entryType, long delta) =>
        (delta < 0 ? Debits : Credits).Contains(entryType) || ((delta < 0 ? OtherDebits : OtherCredits) && !Known.Contains(entryType));
}

/// <summary>Which entries are asked for; null means all. From <paramref name="From"/> on, before <paramref name="To"/>.</summary>
internal sealed record EntryFilter(
    DateTimeOffset? From, DateTimeOffset? To, string? EntryId, long? KeyId, string? Surface, TypeFilter? Types)
{
    public static EntryFilter None { get; } = new(null, null, null, null, null, null);

    public bool Matches(LedgerEntry entry) =>
        (From is null || entry.OccurredAt >= From)
        && (To is null || entry.OccurredAt < To)
        && (EntryId is null || entry.EntryId == EntryId)
        && (KeyId is null || entry.KeyId == KeyId)
        && (Surface is null || entry.Surface == Surface)
        && (Types is null || Types.Matches(entry.EntryType, entry.CreditsDelta));
}
