using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Reading;

namespace MeteringGateway.Dialects;

/// <summary>
/// The wallet that the five dialects show. Each read flushes first, so nobody sees a balance older than his last charged answer;
/// a test key sees the sandbox's wallet, never the real one. Any number of callers at once.
/// </summary>
internal sealed class Wallet(LedgerReader ledger, TestKeyWallet sandbox)
{
    public async Task<long> BalanceAsync(AccountIdentity identity, CancellationToken cancellationToken) =>
        identity.IsTest
            ? sandbox.Balance
            : await ledger.BalanceAsync(identity.WalletAccountId, cancellationToken)
                ?? throw new InvalidOperationException($"Account {identity.WalletAccountId} is gone.");

    /// <summary>Newest first.</summary>
    public Task<LedgerPage> EntriesAsync(AccountIdentity identity, Page page, CancellationToken cancellationToken) =>
        EntriesAsync(identity, EntryFilter.None, page, cancellationToken);

    /// <summary>Those that the filter wants, newest first.</summary>
    public async Task<LedgerPage> EntriesAsync(AccountIdentity identity, EntryFilter filter, Page page, CancellationToken cancellationToken)
    {
        if (!identity.IsTest)
        {
            return await ledger.PageAsync(new LedgerQuery(identity.WalletAccountId, filter, page.Limit, page.Offset), cancellationToken);
        }

        var found = sandbox.Entries.Where(filter.Matches).ToList();
        return new LedgerPage([.. found.Skip(page.Offset).Take(page.Limit)], found.Count);
    }
}
