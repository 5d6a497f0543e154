using MeteringGateway.Engine.Calls;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Telemetry;

namespace MeteringGateway.Calls.Metering;

/// <summary>
/// The credits of calls, with a span for each step where spans are looked at. Without, each is the engine's own task and nothing else.
/// </summary>
internal sealed class TracedCredits(CallCredits credits)
{
    /// <inheritdoc cref="CallCredits.ReserveAsync"/>
    public Task<ReserveReply> ReserveAsync(Reservation reservation, CancellationToken cancellationToken) =>
        CallTrace.IsOn ? TracedReserveAsync(reservation, cancellationToken) : credits.ReserveAsync(reservation, cancellationToken);

    /// <inheritdoc cref="CallCredits.AdmitAsync"/>
    public Task<ReserveReply> AdmitAsync(Reservation reservation, CancellationToken cancellationToken) =>
        CallTrace.IsOn ? TracedAdmitAsync(reservation, cancellationToken) : credits.AdmitAsync(reservation, cancellationToken);

    /// <inheritdoc cref="CallCredits.CommitAsync"/>
    public Task<CommitReply> CommitAsync(Hold hold, long price, EntryTail entry) =>
        CallTrace.IsOn ? TracedCommitAsync(hold, price, entry) : credits.CommitAsync(hold, price, entry);

    /// <inheritdoc cref="CallCredits.ReleaseAsync"/>
    public Task ReleaseAsync(Hold hold, bool isFree = false) =>
        CallTrace.IsOn ? TracedReleaseAsync(hold, isFree) : credits.ReleaseAsync(hold, isFree);

    private async Task<ReserveReply> TracedReserveAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        using var span = CallTrace.Begin("reserve");
        var reply = await credits.ReserveAsync(reservation, cancellationToken);
        span?.SetTag(CallTrace.Outcome, reply.Status.ToString());
        return reply;
    }

    private async Task<ReserveReply> TracedAdmitAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        using var span = CallTrace.Begin("admit");
        var reply = await credits.AdmitAsync(reservation, cancellationToken);
        span?.SetTag(CallTrace.Outcome, reply.Status.ToString());
        return reply;
    }

    private async Task<CommitReply> TracedCommitAsync(Hold hold, long price, EntryTail entry)
    {
        // The flush that writes the entry links to the call, not to this step of it.
        var remembered = entry with { Trace = CallTrace.ToRemember() };
        using var span = CallTrace.Begin("commit");
        var reply = await credits.CommitAsync(hold, price, remembered);
        var charged = reply.Status is CommitStatus.Committed or CommitStatus.Resolved ? price : 0;
        span?.SetTag(CallTrace.Outcome, reply.Status.ToString());
        span?.SetTag(CallTrace.Credits, charged);
        span?.Parent?.SetTag(CallTrace.Credits, charged);
        return reply;
    }

    private async Task TracedReleaseAsync(Hold hold, bool isFree)
    {
        using var span = CallTrace.Begin("release");
        await credits.ReleaseAsync(hold, isFree);
    }
}
