namespace MeteringGateway.Credits;

internal enum CreditStatus
{
    Credited,
    Duplicate,
    InsufficientCredits,
    BalanceTooLarge,
    UnknownAccount,
    Unavailable,
}

internal readonly record struct CreditReply(CreditStatus Status, long Balance);

internal sealed record LimitState(string Type, string? Period, long? Limit, long Spent, long Held, DateTimeOffset? ResetsAt);

internal sealed record KeyState(bool Active, IReadOnlyList<LimitState> Limits);

internal sealed record AccountState(long Balance, long Held, LimitState MonthlyBudget);

#pragma warning disable CA1822 // Signatures only: the engine's own file replaces this one.
internal sealed class CreditStore
{
    public Task<CreditReply> CreditAsync(long accountId, long delta, EntryTail entry, CancellationToken ct) => throw new NotSupportedException();

    public Task<bool> RefreshAccountAsync(long accountId, CancellationToken ct) => throw new NotSupportedException();

    public Task<bool> RefreshKeyAsync(long accountId, long keyId, CancellationToken ct) => throw new NotSupportedException();

    public Task<KeyState?> KeyStateAsync(long accountId, long keyId, CancellationToken ct) => throw new NotSupportedException();

    public Task<AccountState?> AccountStateAsync(long accountId, CancellationToken ct) => throw new NotSupportedException();
}
#pragma warning restore CA1822
