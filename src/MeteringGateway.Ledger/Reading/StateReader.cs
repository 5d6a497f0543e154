using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Ledger.Reading;

/// <summary>An account's row, and its balance and month's spend in the ledger. Credits are whole.</summary>
internal sealed record AccountFacts(
    long Id, long Balance, string Status, long Version, long? MonthlyBudget, long Month, long MonthSpent);

/// <summary>A key's row, and its spend in the ledger for the newest window of each period.</summary>
internal sealed record KeyFacts
{
    public required long Id { get; init; }
    public required long AccountId { get; init; }
    public required string Status { get; init; }
    public required long Version { get; init; }
    public required int SecretVersion { get; init; }
    public DateTime? PreviousSecretUntil { get; init; }
    public DateTime? ExpiresAt { get; init; }
    public string[]? Surfaces { get; init; }
    public int? RateLimitPerMinute { get; init; }
    public long? LimitFixed { get; init; }
    public long? LimitDaily { get; init; }
    public long? LimitWeekly { get; init; }
    public long? LimitMonthly { get; init; }
    public required long Spent { get; init; }
    public required long Day { get; init; }
    public required long DaySpent { get; init; }
    public required long Week { get; init; }
    public required long WeekSpent { get; init; }
    public required long Month { get; init; }
    public required long MonthSpent { get; init; }
}

/// <summary>A key that was charged in a stretch of the ledger, and when it was last.</summary>
internal sealed record RecentlyActive(long AccountId, long KeyId, DateTime LastCharge);

/// <summary>The charge that a client's Idempotency-Key has made.</summary>
/// <param name="Fingerprint">Of its request; null where the gateway that charged it did not say.</param>
internal sealed record ChargeOfKey(string EntryId, long Credits, long Balance, string? Fingerprint);

/// <summary>A stretch of the ledger, newest charge first. <c>Before</c> asks for the one before it; null: this was the oldest.</summary>
internal sealed record ActivityPage(IReadOnlyList<RecentlyActive> Keys, long? Before);

/// <summary>Reads the states of accounts and keys for their load into Redis. Any number of callers at once.</summary>
internal sealed class StateReader(NpgsqlDataSource database)
{
    /// <summary>A megabyte of the ledger, five thousand charges and more: ten milliseconds of one reader.</summary>
    private const long BlocksOfAPage = 128;

    private static readonly string s_accounts = SqlFile.Read("Reading/account-states.sql");
    private static readonly string s_balanceAfter = SqlFile.Read("Reading/balance-after.sql");
    private static readonly string s_chargeOfKey = SqlFile.Read("Reading/charge-of-key.sql");
    private static readonly string s_charged = SqlFile.Read("Reading/charged-of.sql");
    private static readonly string s_keys = SqlFile.Read("Reading/key-states.sql");
    private static readonly string s_end = SqlFile.Read("Reading/ledger-end.sql");
    private static readonly string s_recentlyActive = SqlFile.Read("Reading/list-recently-active.sql");

    public async Task<AccountFacts?> ReadAccountAsync(long accountId, CancellationToken cancellationToken) =>
        (await ReadAccountsAsync([accountId], cancellationToken)).GetValueOrDefault(accountId);

    /// <summary>One statement for any number of accounts. An account that does not exist is left out.</summary>
    public async Task<IReadOnlyDictionary<long, AccountFacts>> ReadAccountsAsync(long[] ids, CancellationToken cancellationToken) =>
        (await database.QueryAsync<AccountFacts>(s_accounts, new { ids }, cancellationToken)).ToDictionary(account => account.Id);

    /// <summary>What an entry moved; null if the ledger does not have the entry.</summary>
    public Task<WrittenEntry?> ReadWrittenAsync(string entryId, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<WrittenEntry?>(s_balanceAfter, new { entryId }, cancellationToken);

    /// <summary>The charge of a client's Idempotency-Key in the last day; null: there is none, or it was taken back.</summary>
    public Task<ChargeOfKey?> ReadChargeOfKeyAsync(long accountId, string hash, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<ChargeOfKey>(s_chargeOfKey, new { accountId, hash }, cancellationToken);

    /// <summary>Those of the entries that the ledger has.</summary>
    public async Task<IReadOnlySet<string>> ReadChargedAsync(string[] entryIds, CancellationToken cancellationToken) =>
        (await database.QueryAsync<string>(s_charged, new { entryIds }, cancellationToken)).ToHashSet();

    public async Task<KeyFacts?> ReadKeyAsync(long keyId, CancellationToken cancellationToken) =>
        (await ReadKeysAsync([keyId], cancellationToken)).GetValueOrDefault(keyId);

    /// <summary>One statement for any number of keys. A key that does not exist is left out.</summary>
    public async Task<IReadOnlyDictionary<long, KeyFacts>> ReadKeysAsync(long[] ids, CancellationToken cancellationToken) =>
        (await database.QueryAsync<KeyFacts>(s_keys, new { ids }, cancellationToken)).ToDictionary(key => key.Id);

    /// <summary>
    /// The keys that were charged lately, to be loaded ahead of their next call: the newest stretch of the ledger without
    /// <paramref name="before"/>, and the one before it with the page's. A key that is charged all the time is on many pages.
    /// </summary>
    public async Task<ActivityPage> ListRecentlyActiveAsync(long? before, CancellationToken cancellationToken)
    {
        var end = before ?? await database.QuerySingleAsync<long>(s_end, null, cancellationToken);
        var first = long.Max(end - BlocksOfAPage, 0);
        var keys = await database.QueryAsync<RecentlyActive>(s_recentlyActive, new { first, end }, cancellationToken);
        return new ActivityPage(keys, first == 0 ? null : first);
    }
}

/// <summary>What an entry moved, and the balance after it.</summary>
internal sealed record WrittenEntry
{
    public long BalanceAfter { get; init; }
    public long Delta { get; init; }
}
