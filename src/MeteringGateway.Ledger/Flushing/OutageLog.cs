using System.Collections.Concurrent;
using MeteringGateway.Ledger.Background;

namespace MeteringGateway.Ledger.Flushing;

/// <summary>
/// Logs the begin and the end of an outage once each, however many attempts fail in between. Any number of callers at once.
/// </summary>
internal sealed class OutageLog(ILogger log)
{
    private readonly ConcurrentDictionary<string, byte> _away = new();

    public void Note(string what, Exception reason)
    {
        if (_away.TryAdd(what, 0))
        {
            // A server that is away needs no stack; whatever else it is may be a bug.
            log.LogError(
                RetryLoop.IsAway(reason) ? null : reason,
                "The flusher can't reach {What}; it keeps trying and nothing is lost meanwhile: {Reason}", what, reason.Message);
        }
    }

    public void Over(string what)
    {
        if (_away.TryRemove(what, out _))
        {
            log.LogInformation("The flusher reaches {What} again", what);
        }
    }
}
