using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine.Model;

internal sealed partial class CreditModel
{
    public long[] Fence(long epoch)
    {
        if (epoch < Epoch || (epoch == Epoch && !IsFenced))
        {
            return [2];
        }

        (Epoch, IsFenced) = (epoch, true);
        return [1];
    }

    public long[] Open(long epoch, long seen)
    {
        if (!IsFenced || epoch != Epoch)
        {
            return [2];
        }

        IsFenced = false;
        Gen = Math.Max(Gen ?? 0, seen) + 1;
        return [1];
    }

    /// <summary>Redis has nothing any more: what the ledger did not have is gone, and so are holds and idempotency keys.</summary>
    public void Lose()
    {
        History.RemoveAll(entry => !entry.Booked);
        Outbox.Clear();
        Holds.Clear();
        Markers.Clear();
        Gen = null;
        IsFenced = true;
        foreach (var account in Accounts.Values)
        {
            account.LoadedUnder = -1;
        }

        foreach (var key in Keys.Values)
        {
            key.LoadedUnder = -1;
        }
    }

    /// <summary>What the ledger says of an account, in the order of LedgerFacts.</summary>
    public RedisValue[] Books(ModelAccount account, AccountRow row)
    {
        var booked = History.Where(entry => entry.Booked && entry.Account == account.Id).ToList();
        var month = booked.Max(entry => entry.Windows?.Month) ?? 0;
        return [
            booked.Sum(entry => entry.Delta), row.Status, row.Version, row.Budget, month,
            -booked.Where(entry => entry.Windows?.Month == month).Sum(entry => entry.Delta)];
    }

    /// <summary>What the ledger says of a key, in the order of LedgerFacts.</summary>
    public RedisValue[] Books(ModelKey key, KeyRow row)
    {
        var booked = History.Where(entry => entry.Booked && entry.Key == key.Id).ToList();
        var newest = booked.Select(entry => entry.Windows!.Value).Aggregate(default(SpendWindows), ModelCalendar.Latest);
        return
        [
            .. row.Values, -booked.Sum(entry => entry.Delta), newest.Day, SpentIn(w => w.Day == newest.Day),
            newest.Week, SpentIn(w => w.Week == newest.Week), newest.Month, SpentIn(w => w.Month == newest.Month),
        ];

        RedisValue SpentIn(Func<SpendWindows, bool> isIn) => -booked.Where(entry => isIn(entry.Windows!.Value)).Sum(entry => entry.Delta);
    }

    public long[] Load(ScriptCaller caller, ModelAccount account, AccountRow row)
    {
        if ((Guard(caller) ?? Already(IsLoaded(account))) is { } refused)
        {
            return refused;
        }

        (account.Known, account.LoadedUnder) = (row, Epoch);
        account.StartedMonth = WindowsOf(entry => entry.Account == account.Id, hold => hold.Account == account.Id).Month;
        return [1, Written()];
    }

    public long[] Load(ScriptCaller caller, ModelKey key, KeyRow row)
    {
        if ((Guard(caller) ?? Already(IsLoaded(key))) is { } refused)
        {
            return refused;
        }

        (key.Known, key.LoadedUnder, key.Counted) = (row, Epoch, null);
        key.Started = WindowsOf(entry => entry.Key == key.Id, hold => hold.Key == key.Id);
        return [1, Written()];
    }

    public long[] Configure(ScriptCaller caller, ModelAccount account, AccountRow row)
    {
        if ((Guard(caller) ?? (IsLoaded(account) ? null : [NotLoaded, Gen!.Value])) is { } refused)
        {
            return refused;
        }

        if (row.Version < account.Known!.Version)
        {
            return [1, Gen!.Value];
        }

        account.Known = row;
        return [1, Written()];
    }

    public long[] Configure(ScriptCaller caller, ModelKey key, KeyRow row)
    {
        if ((Guard(caller) ?? (IsLoaded(key) ? null : [NotLoaded, Gen!.Value])) is { } refused)
        {
            return refused;
        }

        if (row.Version < key.Known!.Version)
        {
            return [1, Gen!.Value];
        }

        key.Known = row;
        return [1, Written()];
    }

    private long[]? Already(bool loaded) => loaded ? [2, Gen!.Value] : null;

    /// <summary>The newest windows with a charge or a hold in them.</summary>
    private SpendWindows WindowsOf(Func<ModelEntry, bool> charged, Func<ModelHold, bool> held) =>
        History.Where(entry => entry.Windows is not null && charged(entry)).Select(entry => entry.Windows!.Value)
            .Concat(Holds.Values.Where(held).Select(hold => hold.Windows))
            .Aggregate(default(SpendWindows), ModelCalendar.Latest);
}
