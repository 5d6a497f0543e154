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
/// Finishes what a request had to leave unfinished. A call whose commit could not be settled was answered as not charged:
/// it is given up in Redis, so that no send of its commit takes effect any more, and where one had, a reversal gives the credits back.
/// The call is written to PostgreSQL first, so that another gateway finishes it should this one die. Any number of callers at once.
/// </summary>
internal sealed partial class DisputeSettlement(
    ScriptRunner scripts, Partitions partitions, AccountLoader loader, CreditMovements credits, DisputedCommits store,
    TimeProvider time, ILogger<DisputeSettlement> logger)
    : BackgroundService
{
    private const int Page = 100;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>How long a stopping gateway waits for holds that are on their way back; the deadline gives back what is left.</summary>
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, UnsettledCall> _unwritten = new();
    private readonly ConcurrentDictionary<Task, byte> _underWay = new();

    /// <summary>
    /// Takes over a call that is about to be answered as not charged. False: it could not be written down.
    /// As long as this gateway lives it is settled all the same, but nobody may be told that it was free.
    /// </summary>
    public async Task<bool> GiveUpAsync(Hold hold, long price)
    {
        var (reservation, windows) = (hold.Reservation, hold.Windows);
        var call = new UnsettledCall(
            reservation.RequestId, hold.Id, reservation.AccountId, reservation.KeyId, price, reservation.Surface, windows.Day,
            windows.Week, windows.Month);
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

    /// <summary>Lets a stopping gateway wait for work that no request waits for.</summary>
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
        await SettleAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RetryLoop.RunAsync("Settling calls", s_pause, SettleAsync, time, logger, stoppingToken);

    internal async Task SettleAsync(CancellationToken cancellationToken)
    {
        foreach (var call in _unwritten.Values)
        {
            try
            {
                await WriteAsync(call, cancellationToken);
            }
            catch (Exception e) when (RetryLoop.IsRefused(e))
            {
                // One that PostgreSQL won't take must not keep the others waiting.
                LogUnwritten(call.RequestId, e.Message);
            }
        }

        await Sweep.RunAsync(
            "", after => store.ListAsync(after, Page, cancellationToken), call => call.RequestId,
            call => SettleAsync(call, cancellationToken), logger, cancellationToken);
    }

    private async Task SettleAsync(UnsettledCall call, CancellationToken cancellationToken)
    {
        if (await TrySettleAsync(call, cancellationToken) is { } outcome && await store.SettleAsync(call, outcome, cancellationToken))
        {
            LogSettled(call.RequestId, outcome);
        }
    }

    private async Task WriteAsync(UnsettledCall call, CancellationToken cancellationToken)
    {
        await store.NoteAsync(call, cancellationToken);
        _unwritten.TryRemove(call.RequestId, out _);
    }

    /// <summary>Null: a store is away, and the call's turn comes again.</summary>
    private async Task<string?> TrySettleAsync(UnsettledCall call, CancellationToken cancellationToken)
    {
        var partition = partitions.Map.Of(call.AccountId);
        RedisKey[] keys =
        [
            PartitionMap.Meta(partition), PartitionMap.Account(partition, call.AccountId), PartitionMap.Key(partition, call.KeyId),
            PartitionMap.Holds(partition), PartitionMap.CreditMarker(partition, call.RequestId),
        ];
        var abandoned = await scripts.RunAsync(AbandonAnswer.Script, partition, keys, call.HoldId);
        if (abandoned.Outcome == ScriptOutcome.NotLoaded)
        {
            await loader.LoadAsync(call.AccountId, call.KeyId, cancellationToken);
            return null;
        }

        if (abandoned.IsUnavailable || await loader.IsChargedAsync(call.AccountId, call.RequestId, cancellationToken) is not { } charged)
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
            ? await credits.ReverseAsync(
                call.AccountId, call.KeyId, call.Price, new SpendWindows(day, week, month), entry, cancellationToken)
            : await credits.CreditAsync(call.AccountId, call.Price, entry, cancellationToken);
        return reply.Status is CreditStatus.Credited or CreditStatus.Duplicate ? DisputedCommits.Reversed : null;
    }

    [LoggerMessage(
        LogLevel.Error,
        "Call {RequestId} was given up while PostgreSQL is away; its client gets no answer, and it is settled once that is back: {Reason}")]
    private partial void LogUnwritten(string requestId, string reason);

    [LoggerMessage(LogLevel.Warning, "Call {RequestId}, which could not be settled in time, is {Outcome}.")]
    private partial void LogSettled(string requestId, string outcome);
}
