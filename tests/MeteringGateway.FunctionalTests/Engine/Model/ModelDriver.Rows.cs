using System.Globalization;

namespace MeteringGateway.FunctionalTests.Engine.Model;

internal sealed partial class ModelDriver
{
    /// <summary>
    /// As the product's loader: flush, read the ledger, tell Redis. The row may be one that has been changed since it was read.
    /// </summary>
    private async Task LoadAsync(Random random, ModelKey key)
    {
        await FlushAsync(Model.Outbox.Count, trim: true);
        var (account, caller) = (Model.Accounts[key.Account], Caller(random));
        if (random.Next(8) > 0)
        {
            var row = Row(random, account.Rows);
            await OnBothAsync($"load account {account.Id} version {row.Version} {As(caller)}",
                () => _store.LoadAccountAsync(caller, account.Id, Model.Books(account, row)), _ => Model.Load(caller, account, row));
        }

        if (random.Next(8) > 0)
        {
            var row = Row(random, key.Rows);
            await OnBothAsync($"load key {key.Id} version {row.Version} {As(caller)}",
                () => _store.LoadKeyAsync(caller, key.Id, Model.Books(key, row)), _ => Model.Load(caller, key, row));
        }
    }

    /// <summary>A change in PostgreSQL, which Redis hears of later.</summary>
    private Task ChangeAsync(Random random)
    {
        var key = AnyKey(random);
        var (account, row) = (Model.Accounts[key.Account], key.Rows[^1]);
        if (random.Next(3) == 0)
        {
            account.Rows.Add(new AccountRow(account.Rows.Count + 1, random.Next(4) == 0 ? "suspended" : "active", Limit(3)));
            _log.Add($"account {account.Id} becomes {account.Rows[^1]}");
            return Task.CompletedTask;
        }

        key.Rows.Add(new KeyRow(
            row.Version + 1, random.Next(10) == 0 ? "revoked" : "active", row.SecretVersion + (random.Next(4) == 0 ? 1 : 0),
            random.Next(3) == 0 ? Instant() : 0, random.Next(6) == 0 ? Instant() : 0,
            random.Next(8) switch { 0 => [], 1 => ["maps"], 2 => ["search", "maps"], _ => null },
            random.Next(3) == 0 ? random.Next(1, 4) : 0, [Limit(0), Limit(1), Limit(2), Limit(3)]));
        _log.Add($"key {key.Id} becomes {key.Rows[^1]} with {string.Join('/', key.Rows[^1].Limits)}");
        return Task.CompletedTask;

        // Half a second off, so that no step ends on the other side of it.
        long Instant() => (_clock - (_clock % 1_000)) + 500 + (random.Next(-3, 60) * 1_000);

        long Limit(int scope)
        {
            if (random.Next(2) == 0)
            {
                return -1;
            }

            var windows = Model.InEffect(key, _clock);
            var now = key.Known is null ? default : Model.Scopes(key, windows)[scope];
            return Math.Max(0, now.Spent + now.Held + random.Next(-10, 80));
        }
    }

    private async Task ConfigureAsync(Random random)
    {
        var (key, caller) = (AnyKey(random), Caller(random));
        var account = Model.Accounts[key.Account];
        if (random.Next(3) == 0)
        {
            var row = Row(random, account.Rows);
            await OnBothAsync($"configure account {account.Id} version {row.Version} {As(caller)}",
                () => _store.ConfigureAccountAsync(caller, account.Id, row.Values), _ => Model.Configure(caller, account, row));
            return;
        }

        var keyRow = Row(random, key.Rows);
        await OnBothAsync($"configure key {key.Id} version {keyRow.Version} {As(caller)}",
            () => _store.ConfigureKeyAsync(caller, key.Id, keyRow.Values), _ => Model.Configure(caller, key, keyRow));
    }

    private async Task RecoverAsync(Random random)
    {
        var epoch = Model.Epoch + 1;
        await OnBothAsync($"fence {epoch}", () => _store.FenceAsync(epoch), _ => Model.Fence(epoch));
        if (random.Next(6) == 0)
        {
            await OnBothAsync($"fence {epoch - 1}", () => _store.FenceAsync(epoch - 1), _ => Model.Fence(epoch - 1));
            await OpenAsync(epoch - 1);
        }
        else
        {
            await OpenAsync(epoch);
        }
    }

    private Task<long[]> OpenAsync(long epoch)
    {
        var seen = Model.Gen ?? 0;
        return OnBothAsync($"open {epoch}", () => _store.OpenAsync(epoch, seen), _ => Model.Open(epoch, seen));
    }

    private async Task LoseAsync(Random random)
    {
        if (random.Next(2) == 0)
        {
            await StoreText.WipeAsync(_store);
            Model.Lose();
            _log.Add("the store loses everything");
            await RecoverAsync(new Random(0));
        }
    }

    private async Task InspectAsync(Random random)
    {
        var (key, caller) = (AnyKey(random), Caller(random));
        long? secret = random.Next(2) == 0 ? random.Next(4) : null;
        var surface = random.Next(2) == 0 ? "search" : null;

        // A caller that asks about a secret or a surface asks about the key.
        var withKey = secret is not null || surface is not null || random.Next(2) == 0;
        await OnBothAsync($"inspect key {key.Id} secret {secret} {(withKey ? "with" : "without")} its key {surface} {As(caller)}",
            () => _store.InspectAsync(
                caller, key.Account, key.Id, secret?.ToString(CultureInfo.InvariantCulture) ?? "", withKey, surface ?? ""),
            now => Model.Inspect(caller, key, secret, withKey, surface, now), tellsTime: true);
        await OnBothAsync($"clock {As(caller)}", () => _store.TimeAsync(caller), now => Model.Clock(caller, now), tellsTime: true);
    }

    private Task<long[]> SumHoldsAsync(Random random)
    {
        var (account, caller) = (Model.Accounts[random.Next(1, 3)], Caller(random));
        return OnBothAsync(
            $"sum-holds {account.Id} {As(caller)}", () => _store.SumHoldsAsync(caller, account.Id), _ => Model.SumHolds(caller, account));
    }

    private static T Row<T>(Random random, List<T> rows) => rows[random.Next(5) == 0 ? random.Next(rows.Count) : ^1];
}
