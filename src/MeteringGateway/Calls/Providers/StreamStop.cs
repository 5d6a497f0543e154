namespace MeteringGateway.Calls.Providers;

/// <summary>What a stopping gateway tells the streams that still run. Any number of callers at once.</summary>
internal sealed class StreamStop : IDisposable
{
    private readonly CancellationTokenSource _last = new();
    private readonly CancellationTokenSource _end = new();

    /// <summary>Little time is left: a client that can't be written to is not waited for any more.</summary>
    public CancellationToken LastCall => _last.Token;

    /// <summary>The time is up: what runs ends here, and nothing begins.</summary>
    public CancellationToken Ended => _end.Token;

    public void CallLast() => _last.Cancel();

    public void End()
    {
        _last.Cancel();
        _end.Cancel();
    }

    public void Dispose()
    {
        _last.Dispose();
        _end.Dispose();
    }
}
