using MeteringGateway.Engine.Calls;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.FunctionalTests.Engine.Model;

internal sealed partial class CreditModel
{
    private const string Uncollected = "uncollected";
    private const long MostCredits = 1_000_000_000_000;

    public long[] Reserve(
        ScriptCaller caller, string id, ModelKey key, long amount, long lifetime, long secret, string surface, long backlog, long now)
    {
        if ((Guard(caller) ?? NotLoadedYet(key)) is { } refused)
        {
            return refused;
        }

        if (Holds.TryGetValue(id, out var before))
        {
            var told = Answer(1, key, now);
            (told[5], told[6], told[7]) = (before.Windows.Day, before.Windows.Week, before.Windows.Month);
            return told;
        }

        if (amount is < 1 or > MostCredits)
        {
            return [ScriptPartition.Malformed];
        }

        var windows = InEffect(key, now);
        var refusal = Refusal(key, amount, secret, surface, backlog, windows, now);
        if (refusal is not null)
        {
            return Answer((long)refusal, key, now);
        }

        if (key.Known!.Rate > 0)
        {
            var minute = now / 60_000;
            key.Counted = (Math.Max(minute, key.Counted?.Minute ?? 0), key.CallsIn(minute) + 1);
        }

        Start(key, windows);
        Holds[id] = new ModelHold(id, key.Account, key.Id, amount, windows, now + lifetime);
        Written();
        return Answer(1, key, now);
    }

    /// <summary>Reserve's decision without a hold; of a call that costs nothing, without what is about credits.</summary>
    public long[] Admit(ScriptCaller caller, ModelKey key, long amount, bool counts, long secret, string surface, long backlog, long now)
    {
        if ((Guard(caller) ?? NotLoadedYet(key)) is { } refused)
        {
            return refused;
        }

        if (amount is < 0 or > MostCredits)
        {
            return [ScriptPartition.Malformed];
        }

        var windows = InEffect(key, now);
        var refusal = Refusal(key, amount, secret, surface, backlog, windows, now);
        if (amount == 0 && refusal >= ReserveStatus.BacklogFull)
        {
            refusal = null;
        }

        if (refusal is null && counts && key.Known!.Rate > 0)
        {
            var minute = now / 60_000;
            key.Counted = (Math.Max(minute, key.Counted?.Minute ?? 0), key.CallsIn(minute) + 1);
            Start(key, windows);
            Written();
        }

        return Answer((long)(refusal ?? ReserveStatus.Reserved), key, now);
    }

    /// <summary>The first reason against a reservation, in the order that the design gives.</summary>
    private ReserveStatus? Refusal(ModelKey key, long amount, long secret, string surface, long backlog, SpendWindows windows, long now)
    {
        var (row, account) = (key.Known!, Accounts[key.Account]);
        ReserveStatus[] limits =
        [
            ReserveStatus.FixedLimit, ReserveStatus.DailyLimit, ReserveStatus.WeeklyLimit, ReserveStatus.MonthlyLimit,
            ReserveStatus.AccountBudget,
        ];
        (bool Fails, ReserveStatus Status)[] checks =
        [
            (!row.Admits(secret, now), ReserveStatus.InvalidKey),
            (account.Known!.Status != "active", ReserveStatus.AccountSuspended),
            (!row.Allows(surface), ReserveStatus.SurfaceNotAllowed),
            (row.Rate > 0 && key.CallsIn(now / 60_000) >= row.Rate, ReserveStatus.RateLimited),
            (Outbox.Count >= backlog, ReserveStatus.BacklogFull),
            (Balance(account.Id) < amount, ReserveStatus.InsufficientCredits),
            (Free(account.Id) < amount, ReserveStatus.CreditsReserved),
            .. Scopes(key, windows).Append(Budget(account, windows.Month)).Select((scope, i) => (!scope.Fits(amount), limits[i])),
        ];
        return checks.Where(check => check.Fails).Select(check => (ReserveStatus?)check.Status).FirstOrDefault();
    }

    public long[] Commit(ScriptCaller caller, string id, ModelKey key, long price, SpendWindows reserved, bool again, long now)
    {
        if ((Guard(caller) ?? NotLoadedYet(key)) is { } refused)
        {
            return refused;
        }

        if (price < 1)
        {
            return [ScriptPartition.Malformed];
        }

        // A charge reserved in a window that lies ahead (the clock went back, and a recovery forgot that it had been started)
        // starts it again.
        var windows = ModelCalendar.Latest(InEffect(key, now), reserved);
        var hold = Holds.GetValueOrDefault(id);
        if (Markers.TryGetValue(id, out var marker) || (hold is null && again))
        {
            return Answer((long)(marker.Value == Uncollected ? CommitStatus.Uncollected : CommitStatus.Resolved), key, windows, now);
        }

        if (hold is null && !IsCollectable(key, price, reserved, windows))
        {
            Markers[id] = new ModelMarker(Uncollected, Expires: true);
            Written();
            return Answer((long)CommitStatus.Uncollected, key, windows, now);
        }

        if (price > hold?.Amount)
        {
            return Answer((long)CommitStatus.AboveHold, key, windows, now);
        }

        Start(key, windows);
        if (hold is null || again)
        {
            Markers[id] = new ModelMarker("1", Expires: true);
        }

        Holds.Remove(id);
        Append(new ModelEntry(id, now, caller.Epoch, key.Account, key.Id, -price, Balance(key.Account) - price, reserved, "usage"));
        Written();
        return Answer((long)CommitStatus.Committed, key, windows, now);
    }

    /// <summary>A late commit takes only what is free, and only where each limit can still say what it would have allowed.</summary>
    private bool IsCollectable(ModelKey key, long price, SpendWindows reserved, SpendWindows windows)
    {
        var account = Accounts[key.Account];
        long[] then = [0, reserved.Day, reserved.Week, reserved.Month, reserved.Month];
        return Free(account.Id) >= price
            && Scopes(key, windows).Append(Budget(account, windows.Month))
                .Zip(then, (scope, window) => scope.Limit < 0 || (scope.Window == window && scope.Fits(price)))
                .All(fits => fits);
    }

    public long[] Release(ScriptCaller caller, string id, ModelKey key, bool expiredOnly, long now)
    {
        if (Guard(caller) is { } refused)
        {
            return refused;
        }

        if (!Holds.TryGetValue(id, out var hold))
        {
            return [2, Gen!.Value];
        }

        if (expiredOnly && now < hold.Deadline)
        {
            return [3, Gen!.Value];
        }

        return NotLoadedYet(key) ?? GiveBack(id, key, now);
    }

    public long[] Tombstone(ScriptCaller caller, string id, ModelKey key, long now)
    {
        var held = Holds.ContainsKey(id);
        if ((Guard(caller) ?? (held ? NotLoadedYet(key) : null)) is { } refused)
        {
            return refused;
        }

        Markers[id] = new ModelMarker("1", Expires: true);
        return held ? GiveBack(id, key, now) : [2, Written()];
    }

    private long[] GiveBack(string id, ModelKey key, long now)
    {
        Start(key, InEffect(key, now));
        Holds.Remove(id);
        return [1, Written()];
    }

    private void Append(ModelEntry entry)
    {
        History.Add(entry);
        Outbox.Add(entry);
    }
}
