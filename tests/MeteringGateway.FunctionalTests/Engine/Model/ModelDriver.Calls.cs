using MeteringGateway.Engine.Calls;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.FunctionalTests.Engine.Model;

internal sealed partial class ModelDriver
{
    private static readonly long[] s_lifetimes = [500, 1_500, 30_500, 30_500, 30_500, 61_500, 3_600_500];

    private async Task ReserveAsync(Random random)
    {
        var key = AnyKey(random);
        var secret = random.Next(8) == 0 ? random.Next(4) : key.Rows[^1].SecretVersion;
        var call = new ModelCall($"r{_step}", key, Amount(random, key), s_lifetimes[random.Next(s_lifetimes.Length)], secret);
        var surface = random.Next(8) switch { 0 => "maps", 1 => "sear", _ => "search" };
        var backlog = random.Next(8) switch { 0 => Model.Outbox.Count, 1 => Model.Outbox.Count + 1, _ => 1_000 };
        _calls.Add(call);
        await SendReserveAsync(call, surface, backlog, random, isRead: random.Next(6) > 0);
    }

    /// <summary>A dry run, or a call that costs nothing.</summary>
    private async Task AdmitAsync(Random random)
    {
        var (key, counts, caller) = (AnyKey(random), random.Next(2) == 0, Caller(random));
        var amount = random.Next(3) == 0 ? 0 : Amount(random, key);
        var (secret, surface, backlog) = (
            random.Next(8) == 0 ? random.Next(4) : key.Rows[^1].SecretVersion, random.Next(8) == 0 ? "maps" : "search",
            random.Next(8) == 0 ? Model.Outbox.Count : 1_000);
        var answer = await OnBothAsync(
            $"admit key {key.Id} amount {amount} secret {secret} {surface} backlog {backlog}{(counts ? " counted" : "")} {As(caller)}",
            () => _store.AdmitAsync(caller, $"d{_step}", key.Account, key.Id, amount, counts, secret, surface, backlog),
            now => Model.Admit(caller, key, amount, counts, secret, surface, backlog, now), tellsTime: true);
        if (answer[0] == CreditModel.NotLoaded)
        {
            await LoadAsync(random, key);
        }
    }

    /// <summary>
    /// A reserve whose answer was lost, sent again; or the lost one itself, arriving late, which nobody reads. Not once a commit was
    /// sent that has left no idempotency key: two sends of the commit could then each find a hold (docs/faults.md, "The model").
    /// </summary>
    private async Task ReserveAgainAsync(Random random)
    {
        var gone = random.Next(2) == 0;
        if (Recent(random, call => gone ? !Model.Holds.ContainsKey(call.Id) && !call.Tried && call.Windows is not null
            : Model.Holds.ContainsKey(call.Id) || Model.Markers.ContainsKey(call.Id) || !call.Tried) is { } call)
        {
            await SendReserveAsync(call, "search", 1_000, random, isRead: call.Windows is null);
        }
    }

    private async Task SendReserveAsync(ModelCall call, string surface, long backlog, Random random, bool isRead)
    {
        var (key, caller) = (call.Key, Caller(random));
        var answer = await OnBothAsync(
            $"reserve {call.Id} key {key.Id} amount {call.Amount} life {call.Lifetime} secret {call.Secret} {surface} backlog {backlog} "
                + $"{As(caller)}{(isRead ? "" : " unread")}",
            () => _store.ReserveAsync(caller, call.Id, key.Account, key.Id, call.Amount, call.Lifetime, call.Secret, surface, backlog),
            now => Model.Reserve(caller, call.Id, key, call.Amount, call.Lifetime, call.Secret, surface, backlog, now), tellsTime: true);
        if (answer[0] == CreditModel.NotLoaded && random.Next(4) > 0)
        {
            await LoadAsync(random, key);
        }
        else if (answer[0] == 1 && isRead)
        {
            call.Windows = new SpendWindows(answer[5], answer[6], answer[7]);
            (call.Deadline, call.Epoch) = (answer[2] + call.Lifetime, caller.Epoch);
        }
    }

    private async Task CommitAsync(Random random)
    {
        if (Recent(random, call => call is { Windows: not null, Over: false }) is not { } call)
        {
            return;
        }

        var (caller, again, lost) = (Caller(random), call.IsAgain(Model.Epoch), random.Next(5) == 0);
        var answer = await SendCommitAsync(call, caller, Price(random, call), again, lost ? " answer lost" : "");
        if (answer[0] == CreditModel.NotLoaded && random.Next(4) > 0)
        {
            await LoadAsync(random, call.Key);
        }

        await AfterCommitAsync(call, answer, lost);
    }

    private async Task AfterCommitAsync(ModelCall call, long[] answer, bool lost)
    {
        if (answer[0] < 0 || answer[0] == (long)CommitStatus.AboveHold)
        {
            return;
        }

        call.Again |= lost;
        var inDoubt = answer[0] == (long)CommitStatus.Resolved && (answer[2] >= call.Deadline || Model.Epoch != call.Epoch);
        if (lost)
        {
            return;
        }

        if (inDoubt)
        {
            await FlushAsync(Model.Outbox.Count, trim: true);
            call.Again = Model.History.Any(entry => entry.Id == call.Id);
            call.UnchargedUnder = Model.Epoch;
        }

        call.Over = !inDoubt || call.Again;
    }

    /// <summary>A send that Redis has not got yet: its gateway only knows that it may have taken effect.</summary>
    private Task DelayCommitAsync(Random random)
    {
        if (Recent(random, call => call is { Windows: not null, Over: false }) is { } call)
        {
            call.Delayed.Add(new DelayedSend(Model.Epoch, Math.Min(Price(random, call), call.Amount), call.IsAgain(Model.Epoch)));
            call.Again = call.Tried = true;
            _log.Add($"a commit of {call.Id} is delayed: {call.Delayed[^1]}");
        }

        return Task.CompletedTask;
    }

    private async Task DelayedCommitAsync(Random random)
    {
        if (Recent(random, call => call.Delayed.Count > 0) is { } call)
        {
            var send = call.Delayed[random.Next(call.Delayed.Count)];
            call.Delayed.Remove(send);
            await SendCommitAsync(call, new ScriptCaller(send.Epoch, 0), send.Price, send.Again, " delayed");
        }
    }

    private Task<long[]> SendCommitAsync(ModelCall call, ScriptCaller caller, long price, bool again, string remark)
    {
        call.Tried = true;
        var (key, windows) = (call.Key, call.Windows!.Value);
        return OnBothAsync(
            $"commit {call.Id} key {key.Id} price {price} of {windows.Day}/{windows.Week}/{windows.Month}{(again ? " again" : "")} "
                + $"{As(caller)}{remark}",
            () => _store.CommitAsync(caller, call.Id, key.Account, key.Id, price, windows, again),
            now => Model.Commit(caller, call.Id, key, price, windows, again, now), tellsTime: true);
    }

    private async Task ReleaseAsync(Random random, bool expiredOnly)
    {
        if (Recent(random, call => random.Next(6) == 0 || Model.Holds.ContainsKey(call.Id)) is not { } call)
        {
            return;
        }

        var caller = Caller(random);
        var answer = await OnBothAsync($"release {call.Id}{(expiredOnly ? " if expired" : "")} {As(caller)}",
            () => _store.ReleaseAsync(caller, call.Id, call.Key.Account, call.Key.Id, expiredOnly),
            now => Model.Release(caller, call.Id, call.Key, expiredOnly, now));
        if (answer[0] == CreditModel.NotLoaded)
        {
            await LoadAsync(random, call.Key);
        }

        call.Over |= answer[0] == 1 && !expiredOnly;
    }

    private async Task TombstoneAsync(Random random)
    {
        if (Recent(random, _ => true) is { } call)
        {
            var caller = Caller(random);
            var answer = await OnBothAsync($"tombstone {call.Id} {As(caller)}",
                () => _store.TombstoneAsync(caller, call.Id, call.Key.Account, call.Key.Id),
                now => Model.Tombstone(caller, call.Id, call.Key, now));
            call.Over |= answer[0] > 0;
        }
    }

    /// <summary>One of the last few calls of which it is true: what is old is rarely met again.</summary>
    private ModelCall? Recent(Random random, Func<ModelCall, bool> isMeant)
    {
        var recent = _calls.Where(isMeant).TakeLast(6).ToList();
        return recent.Count == 0 ? null : recent[random.Next(recent.Count)];
    }

    private static long Price(Random random, ModelCall call) => random.Next(12) switch
    {
        0 => 0,
        1 => call.Amount + 1,
        2 => 1,
        3 or 4 => random.NextInt64(1, call.Amount + 1),
        _ => call.Amount,
    };

    /// <summary>Small as a rule; else on either side of what the balance, what is free of it, or a limit would allow.</summary>
    private long Amount(Random random, ModelKey key)
    {
        var edges = new List<long> { MostCredits, Model.Balance(key.Account), Model.Free(key.Account) };
        if (Model.IsLoaded(key) && Model.IsLoaded(Model.Accounts[key.Account]))
        {
            var windows = Model.InEffect(key, _clock);
            edges.AddRange(Model.Scopes(key, windows).Append(Model.Budget(Model.Accounts[key.Account], windows.Month))
                .Where(scope => scope.Limit >= 0).Select(scope => scope.Limit - scope.Spent - scope.Held));
        }

        return random.Next(2) == 0 ? random.Next(1, 40) : Math.Clamp(edges[random.Next(edges.Count)] + random.Next(2), 0, MostCredits + 1);
    }
}
