using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine.Model;

/// <summary>A key's row, as PostgreSQL had it at some version. Limits: FIXED, DAILY, WEEKLY, MONTHLY, -1 where there is none.</summary>
internal sealed record KeyRow(
    long Version, string Status, long SecretVersion, long PreviousUntil, long Expires, string[]? Surfaces, long Rate, long[] Limits)
{
    public RedisValue[] Values =>
        [Version, Status, SecretVersion, PreviousUntil, Expires, PackedSurfaces, Rate, .. Limits.Select(limit => (RedisValue)limit)];

    public string PackedSurfaces => Surfaces is null ? "" : $"|{string.Join('|', Surfaces)}|";

    /// <summary>The current secret, or the one before while it still works.</summary>
    public bool Admits(long secret, long now) =>
        Status == "active" && (Expires == 0 || now < Expires)
        && (secret == SecretVersion || (secret == SecretVersion - 1 && now < PreviousUntil));

    public bool Allows(string surface) => Surfaces is null || Surfaces.Contains(surface);
}

/// <summary>What Redis knows of a key beside its charges and holds.</summary>
internal sealed class ModelKey(long id, long account, KeyRow row)
{
    public long Id { get; } = id;
    public long Account { get; } = account;

    /// <inheritdoc cref="ModelAccount.Rows"/>
    public List<KeyRow> Rows { get; } = [row];

    /// <inheritdoc cref="ModelAccount.Known"/>
    public KeyRow? Known { get; set; }

    /// <inheritdoc cref="ModelAccount.LoadedUnder"/>
    public long LoadedUnder { get; set; } = -1;

    /// <summary>The newest windows that a write or the ledger has started.</summary>
    public SpendWindows Started { get; set; }

    /// <summary>The minute in which calls were last counted and how many; null until one was.</summary>
    public (long Minute, long Calls)? Counted { get; set; }

    public long CallsIn(long minute) => Counted is { } counted && counted.Minute >= minute ? counted.Calls : 0;
}
