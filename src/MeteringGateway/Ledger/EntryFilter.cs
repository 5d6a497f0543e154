using MeteringGateway.Requests;

namespace MeteringGateway.Ledger;

/// <summary>
/// Which types are asked for, after an API's own names were taken back to ours. What an entry is called there may hang on its sign, so credits
/// and debits have a list each; a type that is in no table of names counts as one of the others.
/// </summary>
internal sealed record TypeFilter(IReadOnlyList<string> Credits, IReadOnlyList<string> Debits, bool OtherCredits, bool OtherDebits, IReadOnlyList<string> Known)
{
    public const string Usage = "usage";

    /// <summary>Whether charges of calls can be among them: nearly all entries are, and an index has the rest.</summary>
    public bool HasUsage => Credits.Contains(Usage) || Debits.Contains(Usage);

    public bool Matches(string entryType, long delta) =>
        (delta < 0 ? Debits : Credits).Contains(entryType) || ((delta < 0 ? OtherDebits : OtherCredits) && !Known.Contains(entryType));
}

/// <summary>Which entries are asked for; null means all. From <paramref name="From"/> on, before <paramref name="To"/>.</summary>
internal sealed record EntryFilter(DateTimeOffset? From, DateTimeOffset? To, string? EntryId, long? KeyId, string? Surface, TypeFilter? Types)
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

/// <summary>Reads the filters that every ledger has: <c>from</c>, <c>to</c>, <c>type</c>, <c>key_id</c>, <c>surface</c>, <c>entry_id</c>.</summary>
internal static class EntryFilterReader
{
    /// <summary>What a type is called in the API that asks: our filter, or what is wrong with the name.</summary>
    public delegate (TypeFilter? Types, string? Fault) TypeNames(string shown);

    public static EntryFilter Read(QueryFields query, TypeNames types)
    {
        var (from, to) = query.Range("from", "to");
        TypeFilter? wanted = null;
        if (query.Text("type", 64) is { } shown)
        {
            (wanted, var fault) = types(shown);
            if (fault is not null)
            {
                query.Refuse("type", fault);
            }
        }

        return new EntryFilter(
            from, to, query.Text("entry_id"), query.Whole("key_id", 1, long.MaxValue, "must be a key's number"), query.Text("surface"), wanted);
    }

    /// <summary>The names of the books themselves, of which there may be any.</summary>
    public static (TypeFilter? Types, string? Fault) OwnNames(string shown) => (new TypeFilter([shown], [shown], false, false, []), null);
}
