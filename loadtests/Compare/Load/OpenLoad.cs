using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using MeteringGateway.Load.Measuring;

namespace MeteringGateway.Compare.Load;

/// <summary>
/// The open-loop load: requests leave at their time whatever became of those before, and each latency counts from the time at which the
/// request was due. A server that stands still for a second so shows in all the requests of that second, and not in one (coordinated
/// omission). One owner; runs once.
/// </summary>
internal sealed class OpenLoad : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly OpenLoadPlan _plan;
    private readonly byte[][] _requests;
    private readonly List<OpenConnection> _connections = [];
    private readonly ConcurrentStack<OpenConnection> _idle = new();
    private readonly ConcurrentQueue<long> _late = new();
    private readonly long[] _latencies;
    private readonly ManualResetEventSlim _done = new();
    private int _counted;
    private int _answered;
    private int _refused;
    private int _lost;
    private long _countFrom;

    public OpenLoad(OpenLoadPlan plan)
    {
        _plan = plan;
        _latencies = new long[(int)Math.Ceiling((plan.Duration + plan.WarmUp).TotalSeconds * plan.PerSecond)];
        _requests = [.. File.ReadLines(plan.Target.KeyFile).Skip(plan.Target.First).Take(plan.Target.Keys).Select(Request)];
    }

    public LoadResult Run()
    {
        PreciseClock.TakeSlack();
        var interval = Stopwatch.Frequency / _plan.PerSecond;
        var start = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 100);
        _countFrom = start + (long)(_plan.WarmUp.TotalSeconds * Stopwatch.Frequency);
        for (var i = 0; i < _latencies.Length; i++)
        {
            var due = start + (long)(i * interval);
            PreciseClock.SleepUntil(due);
            Send(due);
        }

        _done.Wait(Patience);
        var counted = Math.Min(_counted, _latencies.Length);
        var sorted = _latencies.AsSpan(0, counted);
        sorted.Sort();
        return new LoadResult(
            _answered, _plan.Duration + _plan.WarmUp, Span(sorted, 0.5), Span(sorted, 0.99), Span(sorted, 1), _refused,
            _latencies.Length - _answered);
    }

    /// <summary>An answer is whole, and its connection is free.</summary>
    public void Answered(OpenConnection connection, long due, int status)
    {
        var now = Stopwatch.GetTimestamp();
        if (due >= _countFrom)
        {
            _latencies[Interlocked.Increment(ref _counted) - 1] = now - due;
        }

        if (status is < 200 or > 299)
        {
            Interlocked.Increment(ref _refused);
        }

        _idle.Push(connection);
        SendLate();
        End(ref _answered);
    }

    /// <summary>A connection ended, in mid-load with its request lost.</summary>
    public void Ended(OpenConnection connection)
    {
        connection.Dispose();
        if (!_done.IsSet)
        {
            End(ref _lost);
        }
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        _done.Dispose();
    }

    private void End(ref int ends)
    {
        Interlocked.Increment(ref ends);
        if (Volatile.Read(ref _answered) + Volatile.Read(ref _lost) >= _latencies.Length)
        {
            _done.Set();
        }
    }

    private void Send(long due)
    {
        if (!_idle.TryPop(out var connection))
        {
            if (_connections.Count >= _plan.MostConnections)
            {
                _late.Enqueue(due);
                SendLate();
                return;
            }

            connection = new OpenConnection(_plan.Target.Url, this);
            _connections.Add(connection);
            _ = connection.ReadAsync();
        }

        connection.Send(AnyRequest(), due);
    }

    /// <summary>Called after each change of either list, so that none waits while the other has something for it.</summary>
    private void SendLate()
    {
        while (!_late.IsEmpty && _idle.TryPop(out var connection))
        {
            if (_late.TryDequeue(out var due))
            {
                connection.Send(AnyRequest(), due);
            }
            else
            {
                _idle.Push(connection);
            }
        }
    }

    private byte[] AnyRequest() => _requests[Random.Shared.Next(_requests.Length)];

    private byte[] Request(string key) => Encoding.ASCII.GetBytes(
        $"POST {_plan.Target.Url.AbsolutePath} HTTP/1.1\r\nHost: {_plan.Target.Url.Authority}\r\nContent-Type: application/json\r\n"
        + $"Authorization: Bearer {key}\r\nContent-Length: {_plan.Target.Body.Length}\r\n\r\n{_plan.Target.Body}");

    private static TimeSpan Span(ReadOnlySpan<long> sorted, double share) =>
        Stopwatch.GetElapsedTime(0, Statistics.Percentile(sorted, share));
}
