using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.FunctionalTests.Engine.Model;

internal sealed partial class ModelDriver
{
    private readonly List<(string Id, ModelAccount Account, long Delta)> _credits = [];

    private async Task CreditAsync(Random random)
    {
        // An id that the ledger has is not sent again once its idempotency key is gone: the sender asks the ledger first.
        var repeatable = _credits
            .Where(credit => Model.Markers.ContainsKey(credit.Id) || Model.History.TrueForAll(entry => entry.Id != credit.Id)).ToList();
        if (random.Next(4) > 0 || repeatable.Count == 0)
        {
            var account = Model.Accounts[random.Next(1, 3)];
            var free = Model.Free(account.Id);
            var delta = random.Next(10) switch
            {
                0 => 0,
                1 => Math.Max(-free, -MostCredits),
                2 => Math.Max(-free - 1, -MostCredits - 1),
                3 => MostCredits,
                4 => MostCredits + 1,
                5 => Math.Min(1_000_000_000_000_000 - Model.Balance(account.Id) + random.Next(2), MostCredits),
                6 => -random.Next(1, 50),
                _ => random.Next(1, 300),
            };
            repeatable = [($"c{_step}", account, delta)];
            _credits.AddRange(repeatable);
        }

        var (id, to, amount) = repeatable[random.Next(repeatable.Count)];
        var (caller, attempt) = (Caller(random), random.Next(1, 4));
        var answer = await OnBothAsync($"credit {id} account {to.Id} delta {amount} attempt {attempt} {As(caller)}",
            () => _store.CreditAsync(caller, id, to.Id, amount, attempt), now => Model.Credit(caller, id, to, amount, attempt, now),
            tellsTime: true);
        if (answer[0] == CreditModel.NotLoaded)
        {
            await LoadAsync(random, Model.Keys.Values.First(key => key.Account == to.Id));
        }
    }

    /// <summary>Of a charge that the ledger has, as after a call that was given up.</summary>
    private async Task ReverseAsync(Random random)
    {
        var charges = Model.History.Where(entry => entry is { Booked: true, Type: "usage" }
            && (Model.Markers.ContainsKey("reversal:" + entry.Id) || !IsReversed(entry.Id))).TakeLast(6).ToList();
        if (charges.Count == 0)
        {
            return;
        }

        var charge = charges[random.Next(charges.Count)];
        var (caller, key, price) = (Caller(random), Model.Keys[charge.Key], random.Next(20) == 0 ? 0 : -charge.Delta);
        var answer = await OnBothAsync($"reverse {charge.Id} key {key.Id} price {price} of {charge.Windows} {As(caller)}",
            () => _store.ReverseAsync(caller, charge.Id, key.Account, key.Id, price, charge.Windows!.Value),
            now => Model.Reverse(caller, charge.Id, key, price, charge.Windows!.Value, now), tellsTime: true);
        if (answer[0] == CreditModel.NotLoaded)
        {
            await LoadAsync(random, key);
        }
    }

    private bool IsReversed(string id) => Model.History.Exists(entry => entry.Id == "reversal:" + id);

    /// <summary>
    /// As the flusher: into the ledger, then the idempotency keys of money in expire, then the trim, which may come late or never.
    /// </summary>
    private async Task FlushAsync(int count, bool trim)
    {
        var booked = Model.Book(count);
        if (!trim || booked.Count == 0)
        {
            _log.Add($"{booked.Count} entries are booked{(trim ? "" : " and not trimmed")}");
            return;
        }

        var money = booked.Where(entry => entry.Type != "usage").Select(entry => entry.Id).ToList();
        Model.Age(money);
        foreach (var id in money)
        {
            await _store.Redis.ExecuteAsync("EXPIRE", (StackExchange.Redis.RedisKey)PartitionMap.IdempotencyKey(_store.Number, id), 3_600);
        }

        await TrimAsync(booked[0].ToString(), booked.Count, booked[^1].ToString());
    }

    private Task<long[]> TrimAsync(string head, int count, string last) =>
        OnBothAsync($"trim {count}", () => _store.TrimAsync(head, count, last), _ => Model.Trim(head, count, last));
}
