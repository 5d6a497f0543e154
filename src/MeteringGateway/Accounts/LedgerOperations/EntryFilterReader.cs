using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Reading;

namespace MeteringGateway.Accounts.LedgerOperations;

/// <summary>
/// Reads the filters that every ledger has: <c>from</c>, <c>to</c>, <c>type</c>, <c>key_id</c>, <c>surface</c>, <c>entry_id</c>.
/// </summary>
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
            from, to, query.Text("entry_id"), query.Whole("key_id", 1, long.MaxValue, "must be a key's number"),
            query.Text("surface"), wanted);
    }

    /// <summary>The names of the ledger itself, of which there may be any.</summary>
    public static (TypeFilter? Types, string? Fault) OwnNames(string shown) => (new TypeFilter([shown], [shown], false, false, []), null);
}
