using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Accounts.Keys;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Requests;
using MeteringGateway.Sales.Catalog;
using MeteringGateway.Sales.Orders;

namespace MeteringGateway.Dialects.Kendr;

/// <summary>Puts the dashboard together: the newest of each list, all of the catalog and the surfaces.</summary>
internal sealed class KendrDashboardReader(
    Wallet wallet, AccountStore accounts, CatalogStore catalog, KeyStore keys, KeyInspector store, PurchaseHistory purchases,
    SurfaceSource surfaces, TimeProvider time)
{
    /// <summary>As many as fit a page that a person looks at; each key costs a look into Redis for what it has spent.</summary>
    private static readonly Page Newest = new(50, 0);

    public async Task<KendrDashboard> ReadAsync(AccountIdentity identity, CancellationToken cancellationToken)
    {
        var id = identity.WalletAccountId;
        var entries = await wallet.EntriesAsync(identity, Newest, cancellationToken);
        var account = await accounts.FindAsync(id, cancellationToken) ?? throw new InvalidOperationException($"Account {id} is gone.");

        // The balance is that of the newest entry, so that both parts of one answer agree while charges come in between.
        var balance = entries.Entries.Count > 0 ? entries.Entries[0].BalanceAfter
            : identity.IsTest ? await wallet.BalanceAsync(identity, cancellationToken)
            : 0;
        var (rows, _) = await keys.ListAsync(id, Newest, cancellationToken);
        var states = await Task.WhenAll(rows.Select(row => store.KeyStateAsync(id, row.Id, cancellationToken)));
        var (bought, _) = await purchases.ListAsync(id, null, Newest.Limit, Newest.Offset, cancellationToken);
        var now = time.GetUtcNow();
        var current = surfaces.Current;
        return new KendrDashboard(
            true,
            new KendrUser(account.Id, account.Email, account.FullName, balance),
            [.. (await catalog.PackagesAsync(includeInactive: false, cancellationToken)).Select(KendrPackage.Of)],
            [.. rows.Zip(states, (row, state) => KeyView.Of(row, state, now))],
            identity.IsTest ? [] : [.. bought.Select(KendrPurchase.Of)],
            [.. entries.Entries.Select(KendrEntry.Of)],
            [.. current.Slugs.Select(slug => KendrSurface.Of(current.BySlug[slug]))]);
    }
}
