using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.FunctionalTests.Engine.Model;

/// <summary>
/// One partition of the credit engine as docs/design.md and the scripts' heads describe it, in the plainest way:
/// holds and entries are objects, what is held is a sum over the holds, what is spent a sum over the charges and their reversals,
/// a balance a sum over all entries. Every operation answers what its script would.
/// </summary>
internal sealed partial class CreditModel
{
    public const long Fenced = -1;
    public const long NotLoaded = -2;

    public Dictionary<long, ModelAccount> Accounts { get; } = [];
    public Dictionary<long, ModelKey> Keys { get; } = [];
    public Dictionary<string, ModelHold> Holds { get; } = [];
    public Dictionary<string, ModelMarker> Markers { get; } = [];

    /// <summary>Every entry that was not lost, oldest first; <see cref="Outbox"/> is the end of it that was not trimmed yet.</summary>
    public List<ModelEntry> History { get; } = [];
    public List<ModelEntry> Outbox { get; } = [];

    /// <summary>The newest epoch that recovery has raised; while <see cref="IsFenced"/> the partition is not open under it yet.</summary>
    public long Epoch { get; private set; }
    public bool IsFenced { get; private set; }

    /// <summary>Null while Redis has nothing.</summary>
    public long? Gen { get; private set; }

    public long Balance(long account) => History.Where(entry => entry.Account == account).Sum(entry => entry.Delta);

    public long Held(long account) => Holds.Values.Where(hold => hold.Account == account).Sum(hold => hold.Amount);

    public long Free(long account) => Balance(account) - Held(account);

    public bool IsLoaded(ModelAccount account) => account.LoadedUnder == Epoch;

    public bool IsLoaded(ModelKey key) => key.LoadedUnder == Epoch;

    private bool IsCharged(string id) => History.Any(entry => entry.Id == id);

    /// <summary>
    /// The windows in effect: the calendar's, or a later one that has been started, by this key or, for the month, by any of its account.
    /// </summary>
    public SpendWindows InEffect(ModelKey key, long now)
    {
        var latest = ModelCalendar.Latest(key.Started, ModelCalendar.Of(now));
        return latest with { Month = Math.Max(latest.Month, Accounts[key.Account].StartedMonth) };
    }

    public static long MonthInEffect(ModelAccount account, long now) => Math.Max(account.StartedMonth, ModelCalendar.Of(now).Month);

    /// <summary>FIXED, DAILY, WEEKLY, MONTHLY of a key in these windows.</summary>
    public ModelScope[] Scopes(ModelKey key, SpendWindows windows)
    {
        return
        [
            Of(0, 0, _ => 0), Of(1, windows.Day, w => w.Day), Of(2, windows.Week, w => w.Week), Of(3, windows.Month, w => w.Month),
        ];

        ModelScope Of(int index, long window, Func<SpendWindows, long> pick) => new(
            key.Known!.Limits[index], window,
            -History.Where(entry => entry.Key == key.Id && pick(entry.Windows!.Value) == window).Sum(entry => entry.Delta),
            Holds.Values.Where(hold => hold.Key == key.Id && pick(hold.Windows) == window).Sum(hold => hold.Amount));
    }

    public ModelScope Budget(ModelAccount account, long month) => new(
        account.Known!.Budget, month,
        -History.Where(entry => entry.Account == account.Id && entry.Windows?.Month == month).Sum(entry => entry.Delta),
        Holds.Values.Where(hold => hold.Account == account.Id && hold.Windows.Month == month).Sum(hold => hold.Amount));

    /// <summary>Null: the script may go on.</summary>
    private long[]? Guard(ScriptCaller caller) =>
        IsFenced || caller.Epoch != Epoch || Gen < caller.Seen ? [Fenced, Gen ?? 0] : null;

    private long[]? NotLoadedYet(ModelKey key) =>
        IsLoaded(Accounts[key.Account]) && IsLoaded(key) ? null : [NotLoaded, Gen!.Value];

    /// <summary>After a batch: however many of its operations have written, they count as one.</summary>
    public long WrittenTogether(long? before) => (Gen = Gen > before ? before + 1 : Gen) ?? 0;

    private long Written() => (Gen = Gen!.Value + 1).Value;

    /// <summary>
    /// A write through a key starts the windows that have turned, and the windows of what it charges where they lie ahead.
    /// </summary>
    private void Start(ModelKey key, SpendWindows windows)
    {
        key.Started = ModelCalendar.Latest(key.Started, windows);
        Accounts[key.Account].StartedMonth = Math.Max(Accounts[key.Account].StartedMonth, windows.Month);
    }

    /// <summary>As <c>answer</c> of state.lua: what an account and its key look like after the script.</summary>
    private long[] Answer(long code, ModelKey key, long now) => Answer(code, key, InEffect(key, now), now);

    private long[] Answer(long code, ModelKey key, SpendWindows windows, long now) =>
        Answer(code, Accounts[key.Account], Scopes(key, windows), windows, windows.Month, now);

    private long[] Answer(long code, ModelAccount account, IEnumerable<ModelScope> scopes, SpendWindows windows, long month, long now)
    {
        var all = scopes.Append(Budget(account, month));
        return
        [
            code, Gen!.Value, now, Balance(account.Id), Held(account.Id), windows.Day, windows.Week, windows.Month,
            .. all.SelectMany(scope => new[] { scope.Limit, scope.Spent, scope.Held }),
        ];
    }
}
