using MeteringGateway.Engine.Calls.Batching;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.FunctionalTests.Engine.Model;

/// <summary>
/// Several operations in one script: each answers as if the others of the batch had run before and after it, but for the write sequence,
/// which a batch raises once.
/// </summary>
internal sealed partial class ModelDriver
{
    private const int Backlog = 1_000;

    private async Task BatchAsync(Random random)
    {
        var caller = Caller(random);
        var parts = new List<BatchPart>();
        for (var left = random.Next(2, 9); left > 0; left--)
        {
            var part = random.Next(8) switch
            {
                < 4 => ReservePart(random, caller, parts.Count),
                < 6 => CommitPart(random, caller),
                6 => ReleasePart(random, caller, expiredOnly: false),
                _ => ReleasePart(random, caller, expiredOnly: true),
            };

            // Its driver sends one operation of a call at a time, as its gateway does.
            if (part is not null && parts.TrueForAll(other => other.Call != part.Call))
            {
                parts.Add(part);
            }
        }

        if (parts.Count > 0)
        {
            await SendBatchAsync(caller, parts);
        }
    }

    private async Task SendBatchAsync(ScriptCaller caller, List<BatchPart> parts)
    {
        var answers = new List<long[]>();
        var before = Model.Gen;
        await OnBothAsync(
            $"batch of {string.Join(", ", parts.Select(part => part.Text))} {As(caller)}",
            async () =>
            {
                answers = await _store.RunAllAsync(caller.Seen, Backlog, [.. parts.Select(part => part.Operation)]);
                return Joined(answers);
            },
            now =>
            {
                var expected = parts.ConvertAll(part => part.Expected(now));
                var gen = Model.WrittenTogether(before);
                foreach (var answer in expected.Where(answer => answer.Length > 1))
                {
                    answer[1] = gen;
                }

                return Joined(expected);
            },
            tellsTime: true);
        for (var i = 0; i < parts.Count; i++)
        {
            await parts[i].Afterwards(answers[i]);
        }
    }

    /// <summary>
    /// The answers behind one another, and the time of the first that tells it where <see cref="OnBothAsync"/> looks for it.
    /// </summary>
    private long[] Joined(List<long[]> answers)
    {
        var telling = answers.Find(answer => answer.Length > 3);
        return [answers.Count, 0, telling?[2] ?? _clock, .. answers.SelectMany(answer => answer)];
    }

    private BatchPart ReservePart(Random random, ScriptCaller caller, int number)
    {
        var key = AnyKey(random);
        var lifetime = s_lifetimes[random.Next(s_lifetimes.Length)];
        var call = new ModelCall($"r{_step}b{number}", key, Amount(random, key), lifetime, key.Rows[^1].SecretVersion);
        _calls.Add(call);
        return new BatchPart(
            call, $"reserve {call.Id} key {key.Id} amount {call.Amount}",
            _store.Reserve(caller, call.Id, key.Account, key.Id, call.Amount, call.Lifetime, call.Secret, "search"),
            now => Model.Reserve(caller, call.Id, key, call.Amount, call.Lifetime, call.Secret, "search", Backlog, now),
            answer =>
            {
                if (answer[0] == 1)
                {
                    call.Windows = new SpendWindows(answer[5], answer[6], answer[7]);
                    (call.Deadline, call.Epoch) = (answer[2] + call.Lifetime, caller.Epoch);
                }

                return Task.CompletedTask;
            });
    }

    private BatchPart? CommitPart(Random random, ScriptCaller caller)
    {
        if (Recent(random, call => call is { Windows: not null, Over: false }) is not { } call)
        {
            return null;
        }

        var (key, windows, price, again) = (call.Key, call.Windows!.Value, Price(random, call), call.IsAgain(Model.Epoch));
        call.Tried = true;
        return new BatchPart(
            call, $"commit {call.Id} price {price}{(again ? " again" : "")}",
            _store.Commit(caller, call.Id, key.Account, key.Id, price, windows, again, amount: call.Amount),
            now => Model.Commit(caller, call.Id, key, price, windows, again, now),
            answer => AfterCommitAsync(call, answer, lost: false));
    }

    private BatchPart? ReleasePart(Random random, ScriptCaller caller, bool expiredOnly)
    {
        if (Recent(random, call => Model.Holds.ContainsKey(call.Id)) is not { } call)
        {
            return null;
        }

        return new BatchPart(
            call, $"release {call.Id}{(expiredOnly ? " if expired" : "")}",
            _store.Release(caller, call.Id, call.Key.Account, call.Key.Id, expiredOnly),
            now => Model.Release(caller, call.Id, call.Key, expiredOnly, now),
            answer =>
            {
                call.Over |= answer[0] == 1 && !expiredOnly;
                return Task.CompletedTask;
            });
    }

    private sealed record BatchPart(
        ModelCall Call, string Text, CallOperation Operation, Func<long, long[]> Expected, Func<long[], Task> Afterwards);
}
