using System.Collections.Concurrent;

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
            log.LogError(reason, "The flusher can't reach {What}; it keeps trying and nothing is lost meanwhile", what);
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
