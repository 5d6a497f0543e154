namespace MeteringGateway.Ledger.Reading;

/// <summary>
/// A filter by entry type, after an API's names were mapped to ours. An API's name may depend on the sign, so credits and debits have
/// a list each; a type without a name in the API counts as "other".
/// </summary>
internal sealed record TypeFilter(
    IReadOnlyList<string> Credits, IReadOnlyList<string> Debits, bool OtherCredits, bool OtherDebits, IReadOnlyList<string> Known)
{
    public const string Usage = "usage";

    /// <summary>Can charges of calls match? Nearly all entries are such charges; the other entries have an index.</summary>
    public bool HasUsage => Credits.Contains(Usage) || Debits.Contains(Usage);

    public bool Matches(string entryType, long delta) =>
        (delta < 0 ? Debits : Credits).Contains(entryType) || ((delta < 0 ? OtherDebits : OtherCredits) && !Known.Contains(entryType));
}

/// <summary>A filter of entries; null means all. <paramref name="From"/> is inclusive, <paramref name="To"/> exclusive.</summary>
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
