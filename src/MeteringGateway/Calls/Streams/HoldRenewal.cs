using MeteringGateway.Engine.Calls;

namespace MeteringGateway.Calls.Streams;

/// <summary>
/// Moves a hold's deadline for as long as an answer goes out, a piece at a time: the hold of a gateway that dies is free again when the
/// life is over that it had at first, however long the stream might have become. For one call, ended before its hold is settled.
/// </summary>
internal sealed partial class HoldRenewal : IAsyncDisposable
{
    /// <summary>The shortest life must not become a loop without a pause.</summary>
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _ended = new();
    private readonly HoldExtension _extension;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _renewing;
    private Hold _hold;

    private HoldRenewal(HoldExtension extension, Hold hold, TimeProvider time, ILogger logger)
    {
        (_extension, _hold, _time, _logger) = (extension, hold, time, logger);
        _renewing = RenewAsync(hold.Reservation.Lifetime);
    }

    public static HoldRenewal Begin(HoldExtension extension, Hold hold, TimeProvider time, ILogger logger) =>
        new(extension, hold, time, logger);

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
        var pause = lifetime / 2 > s_least ? lifetime / 2 : s_least;
        try
        {
            while (await _extension.ExtendAsync(_hold, lifetime, _ended.Token) is { } later)
            {
                _hold = later;
                await Task.Delay(pause, _time, _ended.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The stream has ended.
        }
        catch (Exception e)
        {
            // Whatever it is: the hold is settled as it is, and the call must come to that.
            LogNotRenewed(_logger, e, _hold.Reservation.RequestId);
        }
    }

    [LoggerMessage(LogLevel.Error, "The hold of {RequestId} could not be renewed: its call is settled as it is.")]
    private static partial void LogNotRenewed(ILogger logger, Exception exception, string requestId);
}
