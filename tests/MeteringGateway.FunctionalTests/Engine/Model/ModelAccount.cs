using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine.Model;

/// <summary>An account's row, as PostgreSQL had it at some version.</summary>
internal sealed record AccountRow(long Version, string Status, long Budget)
{
    public RedisValue[] Values => [Version, Status, Budget];
}

/// <summary>What Redis knows of an account beside its entries and holds.</summary>
internal sealed class ModelAccount(long id, AccountRow row)
{
    public long Id { get; } = id;

    /// <summary>Every version of the row, oldest first; Redis may be told of any.</summary>
    public List<AccountRow> Rows { get; } = [row];

    /// <summary>The version that Redis goes by; null where it was never loaded.</summary>
    public AccountRow? Known { get; set; }

    /// <summary>The epoch under which it was loaded.</summary>
    public long LoadedUnder { get; set; } = -1;

    /// <summary>The newest month that a write or the ledger has started.</summary>
    public long StartedMonth { get; set; }
}
