using System.Globalization;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.FunctionalTests.Engine.Model;

internal sealed partial class CreditModel
{
    private const string Refused = "refused:";
    private const long LargestBalance = 1_000_000_000_000_000;

    public long[] Credit(ScriptCaller caller, string id, ModelAccount account, long delta, int attempt, long now)
    {
        if (Guard(caller) is { } refused)
        {
            return refused;
        }

        if (!IsLoaded(account))
        {
            return [NotLoaded, Gen!.Value];
        }

        if (delta == 0 || Math.Abs(delta) > MostCredits)
        {
            return [ScriptPartition.Malformed];
        }

        var balance = Balance(account.Id);
        var isMarked = Markers.TryGetValue(id, out var marker);
        var refusedBefore = isMarked && marker.Value.StartsWith(Refused, StringComparison.Ordinal)
            ? int.Parse(marker.Value.AsSpan(Refused.Length), CultureInfo.InvariantCulture)
            : 0;
        long code = isMarked && refusedBefore == 0 ? 2
            : attempt <= refusedBefore ? 3
            : delta < 0 && Free(account.Id) + delta < 0 ? 3
            : balance + delta > LargestBalance ? 4
            : 1;
        if (code == 3 && attempt > refusedBefore)
        {
            Markers[id] = new ModelMarker($"{Refused}{attempt}", Expires: true);
            Written();
        }

        if (code == 1)
        {
            Move(new ModelEntry(id, now, caller.Epoch, account.Id, 0, delta, balance + delta, null, "bonus"));
        }

        return [code, Gen!.Value, now, Balance(account.Id), Held(account.Id)];
    }

    public long[] Reverse(ScriptCaller caller, string id, ModelKey key, long price, SpendWindows reserved, long now)
    {
        if ((Guard(caller) ?? NotLoadedYet(key)) is { } refused)
        {
            return refused;
        }

        if (price < 1)
        {
            return [ScriptPartition.Malformed];
        }

        var entryId = "reversal:" + id;
        var known = Markers.ContainsKey(entryId);
        if (!known)
        {
            Start(key, ModelCalendar.Latest(InEffect(key, now), reserved));
            Move(
                new ModelEntry(entryId, now, caller.Epoch, key.Account, key.Id, price, Balance(key.Account) + price, reserved, "reversal"));
        }

        return [known ? 2 : 1, Gen!.Value, now, Balance(key.Account), Held(key.Account)];
    }

    /// <summary>
    /// Writes what the ledger does not have yet into it, as far as the <paramref name="count"/>-th entry of the outbox,
    /// and says which to drop.
    /// </summary>
    public IReadOnlyList<ModelEntry> Book(int count)
    {
        var booked = Outbox.Take(count).ToList();
        foreach (var entry in booked)
        {
            entry.Booked = true;
        }

        return booked;
    }

    /// <summary>The idempotency keys of money in start to expire once the ledger has it.</summary>
    public void Age(IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            Markers[id] = Markers[id] with { Expires = true };
        }
    }

    public long[] Trim(string head, int count, string last)
    {
        if (Outbox.Count < count || Outbox[0].ToString() != head || Outbox[count - 1].ToString() != last)
        {
            return [2];
        }

        Outbox.RemoveRange(0, count);
        return [1];
    }

    private void Move(ModelEntry entry)
    {
        Append(entry);
        Markers[entry.Id] = new ModelMarker($"{entry.Delta}", Expires: false);
        Written();
    }
}
