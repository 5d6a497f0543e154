using System.Globalization;

namespace MeteringGateway.Ledger.Entries;

/// <summary>
/// Maps accounts to partitions, and names the Redis keys of a partition; the only type that knows these names. Immutable.
/// </summary>
internal sealed class PartitionMap(int count)
{
    public int Count { get; } = count;

    /// <summary>Fibonacci hashing: stable across gateways and runs, and it spreads consecutive ids.</summary>
    public int Of(long accountId) => (int)((unchecked((ulong)accountId * 0x9E3779B97F4A7C15UL) >> 32) % (ulong)Count);

    public static string Meta(int partition) => Name(partition, "meta");
    public static string Holds(int partition) => Name(partition, "holds");
    public static string Outbox(int partition) => Name(partition, "outbox");

    /// <summary>The write sequence up to which the ledger has committed the partition: a ledger that says less is an older copy.</summary>
    public static string Committed(int partition) => Name(partition, "committed");
    public static string Probe(int partition) => Name(partition, "probe");
    public static string Account(int partition, long accountId) =>
        Name(partition, string.Create(CultureInfo.InvariantCulture, $"a:{accountId}"));
    public static string Key(int partition, long keyId) => Name(partition, string.Create(CultureInfo.InvariantCulture, $"k:{keyId}"));

    /// <summary>
    /// The idempotency key of an entry id: exists while a send of the movement may be repeated, so that it is applied once.
    /// </summary>
    public static string IdempotencyKey(int partition, string entryId) => Name(partition, "c:" + entryId);

    /// <summary>What became of the call that a client gave this key, by the hash of the key; expires after a day.</summary>
    public static string IdempotencyRecord(int partition, long accountId, string hash) =>
        Name(partition, string.Create(CultureInfo.InvariantCulture, $"idem:{accountId}:{hash}"));

    /// <summary>As a record, of calls of a scope of their own; those of another scope never meet it.</summary>
    public static string Claim(int partition, long accountId, string scope, string hash) =>
        Name(partition, string.Create(CultureInfo.InvariantCulture, $"claim:{accountId}:{scope}:{hash}"));

    /// <summary>The claims of an account that are under way, or done, by their end.</summary>
    public static string Claims(int partition, long accountId, bool areDone) =>
        Name(partition, string.Create(CultureInfo.InvariantCulture, $"claims:{accountId}:{(areDone ? "done" : "open")}"));

    /// <summary>The answer of the call that has an idempotency key.</summary>
    public static string KeptAnswer(int partition, long accountId, string hash) =>
        Name(partition, "answer:" + NameOfAnswer(accountId, hash));

    /// <summary>The answers that a partition keeps, by their end; those that were paid for, or those that cost nothing.</summary>
    public static string KeptAnswers(int partition, bool arePaid) => Name(partition, arePaid ? "answers" : "answers:free");

    /// <summary>The bytes of each answer that a partition keeps, by <see cref="NameOfAnswer"/>, and their sums.</summary>
    public static string KeptBytes(int partition, bool arePaid) => KeptAnswers(partition, arePaid) + ":bytes";

    public static string NameOfAnswer(long accountId, string hash) => string.Create(CultureInfo.InvariantCulture, $"{accountId}:{hash}");

    private static string Name(int partition, string rest) => string.Create(CultureInfo.InvariantCulture, $"{{p{partition}}}:{rest}");
}
