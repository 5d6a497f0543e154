using System.Globalization;

namespace MeteringGateway.FunctionalTests.Engine.Model;

/// <summary>
/// Turns draws into operations, runs each on Redis and on the model, and compares. The clock stands between the steps, in the first
/// 200 ms of a second; every edge (a deadline, an expiry, the end of a window) lies half a second off or at the second's start, so that
/// a step has 300 ms before it could fall on the other side of one.
/// </summary>
internal sealed partial class ModelDriver
{
    private const long MostCredits = 1_000_000_000_000;
    private static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(300);

    private readonly ScriptPartition _store;
    private readonly TimeProvider _time;
    private readonly List<ModelCall> _calls = [];
    private readonly List<string> _log = [];
    private long _clock;
    private int _step;

    public ModelDriver(ScriptPartition store, TimeProvider time, int seed)
    {
        (_store, _time) = (store, time);
        var random = new Random(seed);
        _clock = ModelCalendar.Milliseconds(new DateTime(2027, 1, 15, 8, 0, 0, DateTimeKind.Utc).AddDays(random.Next(1_000)));
        for (var id = 1; id <= 2; id++)
        {
            Model.Accounts[id] = new ModelAccount(id, new AccountRow(1, "active", id == 1 ? 400 : -1));
            var opening = random.Next(4) == 0 ? 1_000_000_000_000_000 - random.Next(1_000) : random.Next(50, 1_000);
            Model.History.Add(new ModelEntry($"opening:{id}", _clock, 1, id, 0, opening, opening, null, "bonus") { Booked = true });
        }

        for (var id = 1; id <= 3; id++)
        {
            Model.Keys[id] = new ModelKey(
                id, id == 3 ? 2 : 1, new KeyRow(1, "active", 1, 0, 0, null, 0, [-1, id == 2 ? -1 : 150, -1, id == 3 ? 300 : -1]));
        }
    }

    public CreditModel Model { get; } = new();
    public int Operations { get; private set; }

    public IEnumerable<string> LastOperations(int count) => _log.TakeLast(count);

    /// <summary>Compares every answer, and the whole state after every so many steps and at the end.</summary>
    public async Task RunAsync(IReadOnlyList<Draw> draws, int stateEvery)
    {
        await RecoverAsync(new Random(0));
        for (_step = 0; _step < draws.Count; _step++)
        {
            var random = new Random(draws[_step].Seed);
            if (Model.IsFenced && random.Next(3) == 0)
            {
                await OpenAsync(Model.Epoch);
            }

            await StepAsync(draws[_step].Kind, random);
            if (_step % stateEvery == 0 || _step == draws.Count - 1)
            {
                await CompareStateAsync();
            }
        }
    }

    private Task StepAsync(DrawKind kind, Random random) => kind switch
    {
        DrawKind.Batch => BatchAsync(random),
        DrawKind.Reserve => ReserveAsync(random),
        DrawKind.Admit => AdmitAsync(random),
        DrawKind.ReserveAgain => ReserveAgainAsync(random),
        DrawKind.Commit => CommitAsync(random),
        DrawKind.DelayCommit => DelayCommitAsync(random),
        DrawKind.DelayedCommit => DelayedCommitAsync(random),
        DrawKind.Release => ReleaseAsync(random, expiredOnly: false),
        DrawKind.ReleaseExpired => ReleaseAsync(random, expiredOnly: true),
        DrawKind.Tombstone => TombstoneAsync(random),
        DrawKind.Credit => CreditAsync(random),
        DrawKind.Reverse => ReverseAsync(random),
        DrawKind.Flush =>
            FlushAsync(random.Next(2) == 0 ? Model.Outbox.Count : random.Next(Model.Outbox.Count + 1), trim: random.Next(5) > 0),
        DrawKind.StaleTrim => TrimAsync(
            random.Next(2) == 0 || Model.Outbox.Count == 0 ? "not the head" : Model.Outbox[0].ToString(),
            random.Next(1, 5), "not the last"),
        DrawKind.Load => LoadAsync(random, AnyKey(random)),
        DrawKind.Change => ChangeAsync(random),
        DrawKind.Configure => ConfigureAsync(random),
        DrawKind.Recover => RecoverAsync(random),
        DrawKind.Lose => LoseAsync(random),
        DrawKind.SetClock => SetClock(random),
        DrawKind.Inspect => InspectAsync(random),
        DrawKind.SumHolds => SumHoldsAsync(random),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Runs one operation on both. Where the answer tells the time of Redis the model is given that, to the millisecond.</summary>
    private async Task<long[]> OnBothAsync(string text, Func<Task<long[]>> script, Func<long, long[]> expected, bool tellsTime = false)
    {
        _log.Add($"{ModelCalendar.Instant(_clock).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)} {text}");
        var before = ModelInvariants.Scopes(Model, _clock);
        var started = _time.GetTimestamp();
        var set = _store.SetClockOffsetAsync(_clock - _time.GetUtcNow().ToUnixTimeMilliseconds());
        var seen = await script();
        await set;
        if (_time.GetElapsedTime(started) > s_slow)
        {
            throw new StepTooSlowException();
        }

        var now = tellsTime && seen.Length > 2 ? seen[2] : _clock;
        var wanted = expected(now);
        _log[^1] += $" -> {Words(wanted)}";
        Operations++;
        if (!seen.SequenceEqual(wanted) || now < _clock - 1 || now > _clock + s_slow.TotalMilliseconds)
        {
            throw Mismatch($"expected {Words(wanted)}\nseen     {Words(seen)}");
        }

        if (ModelInvariants.Broken(Model, before, _clock).ToList() is { Count: > 0 } broken)
        {
            throw Mismatch($"the model breaks: {string.Join("; ", broken)}");
        }

        return seen;
    }

    private async Task CompareStateAsync()
    {
        var (seen, wanted) = (await StoreText.OfStoreAsync(_store, Model.Epoch), StoreText.OfModel(Model));
        if (!seen.ToHashSet().SetEquals(wanted))
        {
            throw Mismatch($"state\nexpected {string.Join("\n         ", wanted.Except(seen).Order())}\n"
                + $"seen     {string.Join("\n         ", seen.Except(wanted).Order())}");
        }
    }

    private ModelMismatchException Mismatch(string message) => new(_step, message);

    private static string Words(long[] answer) => answer.Length < 23
        ? string.Join(' ', answer)
        : $"{answer[0]} gen {answer[1]} now {answer[2]} balance {answer[3]} held {answer[4]} windows {answer[5]}/{answer[6]}/{answer[7]} "
            + "limit/spent/held "
            + string.Join(' ', answer.Skip(8).Chunk(3).Zip(["F", "D", "W", "M", "A"], (l, name) => $"{name} {l[0]}/{l[1]}/{l[2]}"));

    /// <summary>
    /// As a rule a caller that knows all; now and then one that has seen nothing, one of an older epoch, or one that has seen more than
    /// Redis has.
    /// </summary>
    private ScriptCaller Caller(Random random) => random.Next(40) switch
    {
        0 => new ScriptCaller(Model.Epoch, (Model.Gen ?? 0) + 1),
        1 => new ScriptCaller(Model.Epoch - 1, Model.Gen ?? 0),
        2 => new ScriptCaller(Model.Epoch, 0),
        _ => new ScriptCaller(Model.Epoch, Model.Gen ?? 0),
    };

    private static string As(ScriptCaller caller) =>
        string.Create(CultureInfo.InvariantCulture, $"(epoch {caller.Epoch}, seen {caller.Seen})");

    private ModelKey AnyKey(Random random) => Model.Keys[random.Next(1, 4)];
}
