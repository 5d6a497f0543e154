using System.Globalization;

namespace MeteringGateway.Ledger.Entries;

/// <summary>
/// Which partition an account belongs to, and what the keys of a partition are called. The only place that knows a Redis key's name.
/// </summary>
internal sealed class PartitionMap(int count)
{
    public int Count { get; } = count;

    /// <summary>Fibonacci hashing: the same on every gateway and every run, and neighbours in number are spread.</summary>
    public int Of(long accountId) => (int)((unchecked((ulong)accountId * 0x9E3779B97F4A7C15UL) >> 32) % (ulong)Count);

    public static string Meta(int partition) => Name(partition, "meta");
    public static string Holds(int partition) => Name(partition, "holds");
    public static string Outbox(int partition) => Name(partition, "outbox");
    public static string Probe(int partition) => Name(partition, "probe");
    public static string Account(int partition, long accountId) =>
        Name(partition, string.Create(CultureInfo.InvariantCulture, $"a:{accountId}"));
    public static string Key(int partition, long keyId) => Name(partition, string.Create(CultureInfo.InvariantCulture, $"k:{keyId}"));

    /// <summary>Set while a credit of this entry id may be sent again, so that it is applied once.</summary>
    public static string CreditMarker(int partition, string entryId) => Name(partition, "c:" + entryId);

    private static string Name(int partition, string rest) => string.Create(CultureInfo.InvariantCulture, $"{{p{partition}}}:{rest}");
}
