using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Ledger.Reading;

/// <summary>An account's row, and its balance and month's spend in the ledger. Credits are whole.</summary>
internal sealed record AccountFacts(long Balance, string Status, long Version, long? MonthlyBudget, long Month, long MonthSpent);

/// <summary>A key's row, and its spend in the ledger for the newest window of each period.</summary>
internal sealed record KeyFacts
{
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

/// <summary>Reads the state of an account or a key for its load into Redis. Any number of callers at once.</summary>
internal sealed class StateReader(NpgsqlDataSource database)
{
    private static readonly string s_account = SqlFile.Read("Reading/account-state.sql");
    private static readonly string s_balanceAfter = SqlFile.Read("Reading/balance-after.sql");
    private static readonly string s_charged = SqlFile.Read("Reading/charged-of.sql");
    private static readonly string s_key = SqlFile.Read("Reading/key-state.sql");

    public Task<AccountFacts?> ReadAccountAsync(long accountId, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<AccountFacts>(s_account, new { accountId }, cancellationToken);

    /// <summary>The balance after an entry; null if the ledger does not have the entry.</summary>
    public Task<long?> ReadBalanceAfterAsync(string entryId, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<long?>(s_balanceAfter, new { entryId }, cancellationToken);

    /// <summary>Those of the entries that the ledger has.</summary>
    public async Task<IReadOnlySet<string>> ReadChargedAsync(string[] entryIds, CancellationToken cancellationToken) =>
        (await database.QueryAsync<string>(s_charged, new { entryIds }, cancellationToken)).ToHashSet();

    public Task<KeyFacts?> ReadKeyAsync(long keyId, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<KeyFacts>(s_key, new { keyId }, cancellationToken);
}
