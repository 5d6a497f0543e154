using System.Collections.Concurrent;
using MeteringGateway.Engine.Loading;
using MeteringGateway.Engine.Movements;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Reading;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Calls;

/// <summary>
/// Finishes disputed commits, which were answered as "not charged" though a send may have taken effect. A tombstone in Redis makes every
/// later delivery a no-op; if the ledger has the charge, a reversal returns the credits. Works like a transactional outbox: the dispute is
/// in PostgreSQL before the client is told "not charged", so any gateway can finish it. Any number of callers at once.
/// </summary>
internal sealed partial class DisputeSettlement(
    ScriptRunner scripts, Partitions partitions, AccountLoader loader, LedgerLookup lookup, CreditMovements credits,
    DisputedCommits disputes, TimeProvider time, ILogger<DisputeSettlement> logger)
    : BackgroundService
{
    private const int Page = 100;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>For a repeat that would be answered without the look; it takes a millisecond.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a stopping gateway waits for releases under way; the other holds expire at their deadline.</summary>
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, DisputedCommit> _unwritten = new();
    private readonly ConcurrentDictionary<Task, byte> _underWay = new();

    /// <summary>
    /// Records a commit as disputed before its client is told "not charged". False: PostgreSQL did not take the record. This gateway still
    /// finishes the dispute while it lives, but must not promise that the call was not charged.
    /// </summary>
    public async Task<bool> DisputeAsync(Hold hold, long price)
    {
        var (reservation, windows) = (hold.Reservation, hold.Windows);
        var call = new DisputedCommit(
            reservation.RequestId, hold.Id, reservation.AccountId, reservation.KeyId, price, reservation.Surface, windows.Day,
            windows.Week, windows.Month, reservation.Idempotency?.Hash);
        _unwritten[call.RequestId] = call;
        try
        {
            using var patience = new CancellationTokenSource(s_pause, time);
            await WriteAsync(call, patience.Token);
            return true;
        }
        catch (Exception e) when (RetryLoop.IsAway(e) || e is OperationCanceledException)
        {
            LogUnwritten(call.RequestId, e.Message);
            return false;
        }
    }

    /// <summary>
    /// Was the client of the call told "not charged", though its record says that it was charged? False where PostgreSQL can't be asked and
    /// this gateway knows of no dispute: nearly every charge has none.
    /// </summary>
    public async Task<bool> IsDisputedAsync(string requestId)
    {
        if (_unwritten.ContainsKey(requestId))
        {
            return true;
        }

        try
        {
            using var patience = new CancellationTokenSource(s_look, time);
            return await disputes.IsDisputedAsync(requestId, patience.Token);
        }
        catch (Exception e) when (RetryLoop.IsAway(e) || e is OperationCanceledException)
        {
            LogNotAsked(requestId, e.Message);
            return false;
        }
    }

    /// <summary>Registers background work, so that a stopping gateway waits for it.</summary>
    public void Watch(Task work)
    {
        _underWay[work] = 0;
        _ = work.ContinueWith(done => _underWay.TryRemove(done, out _), TaskScheduler.Default);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_underWay.Keys).WaitAsync(s_drain, time, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
        using var patience = new CancellationTokenSource(s_drain, time);
        await FinishAllAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RetryLoop.RunAsync("Finishing disputed commits", s_pause, FinishAllAsync, time, logger, stoppingToken);

    internal async Task FinishAllAsync(CancellationToken cancellationToken)
    {
        foreach (var call in _unwritten.Values)
        {
            try
            {
                await WriteAsync(call, cancellationToken);
            }
            catch (Exception e) when (RetryLoop.IsRefused(e))
            {
                // A record that PostgreSQL refuses must not keep the others waiting.
                LogUnwritten(call.RequestId, e.Message);
            }
        }

        await Sweep.RunAsync(
            "", after => disputes.ListAsync(after, Page, cancellationToken), call => call.RequestId,
            call => FinishAsync(call, cancellationToken), logger, cancellationToken);
    }

    private async Task FinishAsync(DisputedCommit call, CancellationToken cancellationToken)
    {
        if (await TryFinishAsync(call, cancellationToken) is { } outcome && await disputes.FinishAsync(call, outcome, cancellationToken))
        {
            LogFinished(call.RequestId, outcome);
        }
    }

    private async Task WriteAsync(DisputedCommit call, CancellationToken cancellationToken)
    {
        await disputes.NoteAsync(call, cancellationToken);
        _unwritten.TryRemove(call.RequestId, out _);
    }

    /// <summary>Null: Redis or PostgreSQL is away; the next round tries again.</summary>
    private async Task<string?> TryFinishAsync(DisputedCommit call, CancellationToken cancellationToken)
    {
        var partition = partitions.Map.Of(call.AccountId);
        RedisKey[] keys =
        [
            PartitionMap.Meta(partition), PartitionMap.Account(partition, call.AccountId), PartitionMap.Key(partition, call.KeyId),
            PartitionMap.Holds(partition), PartitionMap.IdempotencyKey(partition, call.RequestId),
            PartitionMap.IdempotencyRecord(partition, call.AccountId, call.IdempotencyHash ?? ""),
        ];
        var tombstone = await scripts.RunAsync(TombstoneAnswer.Script, partition, keys, call.HoldId, call.RequestId);
        if (tombstone.Outcome == ScriptOutcome.NotLoaded)
        {
            await loader.LoadAsync(call.AccountId, call.KeyId, cancellationToken);
            return null;
        }

        if (tombstone.IsUnavailable || await lookup.IsChargedAsync(call.AccountId, call.RequestId, cancellationToken) is not { } charged)
        {
            return null;
        }

        if (!charged)
        {
            return DisputedCommits.Free;
        }

        var entry = new EntryTail(
            "reversal:" + call.RequestId, "reversal", call.Surface,
            Description: "The charge could not be confirmed in time and was taken back");
        var reply = call is { Day: { } day, Week: { } week, Month: { } month }
            ? await credits.ReverseAsync(call, new SpendWindows(day, week, month), entry, cancellationToken)
            : await credits.CreditAsync(call.AccountId, call.Price, entry, cancellationToken);
        return reply.Status is CreditStatus.Credited or CreditStatus.Duplicate ? DisputedCommits.Reversed : null;
    }

    [LoggerMessage(
        LogLevel.Error,
        "The dispute of call {RequestId} can't be recorded while PostgreSQL is away; it is finished once PostgreSQL is back: {Reason}")]
    private partial void LogUnwritten(string requestId, string reason);

    [LoggerMessage(LogLevel.Warning, "Whether the charge of call {RequestId} is disputed can't be asked now: {Reason}")]
    private partial void LogNotAsked(string requestId, string reason);

    [LoggerMessage(LogLevel.Warning, "The disputed commit of call {RequestId} is {Outcome}.")]
    private partial void LogFinished(string requestId, string outcome);
}
