using MeteringGateway.Engine.Calls;

namespace MeteringGateway.Calls.Streams;

/// <summary>
/// Moves a hold's deadline for as long as an answer goes out, a piece at a time: the hold of a gateway that dies is free again within a
/// minute, however long the stream might have become. For one call, ended before its hold is settled.
/// </summary>
internal sealed class HoldRenewal : IAsyncDisposable
{
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _ended = new();
    private readonly HoldExtension _extension;
    private readonly TimeProvider _time;
    private readonly Task _renewing;
    private Hold _hold;

    private HoldRenewal(HoldExtension extension, Hold hold, TimeProvider time)
    {
        (_extension, _hold, _time) = (extension, hold, time);
        _renewing = RenewAsync(hold.Reservation.Lifetime);
    }

    public static HoldRenewal Begin(HoldExtension extension, Hold hold, TimeProvider time) => new(extension, hold, time);

    /// <summary>The hold with the deadline that it has come to, once nothing moves it any more.</summary>
    public async ValueTask<Hold> EndAsync()
    {
        await DisposeAsync();
        return _hold;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_ended.IsCancellationRequested)
        {
            await _ended.CancelAsync();
            await _renewing;
            _ended.Dispose();
        }
    }

    /// <summary>
    /// Each time by the life that it had at first, the longest that anybody counts with, and when half of that is over: the other half is
    /// left at the end of the stream to settle it. A hold that can't be moved is settled as it is, late where it must be.
    /// </summary>
    private async Task RenewAsync(TimeSpan lifetime)
    {
        // The shortest life must not become a loop without a pause.
        var pause = lifetime / 2 > s_least ? lifetime / 2 : s_least;
        try
        {
            while (await _extension.ExtendAsync(_hold, lifetime) is { } later)
            {
                _hold = later;
                await Task.Delay(pause, _time, _ended.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The stream has ended.
        }
    }
}
