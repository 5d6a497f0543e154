using MeteringGateway.WebConsole.Frame.Inside;
using Npgsql;

namespace MeteringGateway.Tests.WebConsole;

public sealed class ReadBoundTests
{
    private readonly HandClock _time = new();
    private readonly TaskCompletionSource<string> _slow = new();

    /// <summary>Its reads wait for their turn; those of others, and of operators, do not.</summary>
    [Fact]
    public async Task OneWallet_HoldsUpNobodyElse()
    {
        using var bound = new ReadBound(_time);
        var its = Enumerable.Range(0, 10).Select(_ => bound.RunAsync(1, _ => _slow.Task, "late", default)).ToList();
        Assert.Equal("other", await bound.RunAsync(2, _ => Task.FromResult("other"), "late", default));
        Assert.Equal("operator", await bound.RunAsync(null, _ => Task.FromResult("operator"), "late", default));
        _slow.SetResult("slow");
        Assert.All(await Task.WhenAll(its), answer => Assert.Equal("slow", answer));
    }

    [Fact]
    public async Task Read_ThatTakesLong_IsCancelled()
    {
        using var bound = new ReadBound(_time);
        var read = bound.RunAsync(1, token => _slow.Task.WaitAsync(token), "late", default);
        _time.Ring();
        Assert.Equal("late", await read);
    }

    [Fact]
    public async Task Visitor_WhoLeaves_IsNotLate()
    {
        using var bound = new ReadBound(_time);
        using var visitor = new CancellationTokenSource();
        var read = bound.RunAsync(1, token => _slow.Task.WaitAsync(token), "late", visitor.Token);
        await visitor.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    [Theory]
    [InlineData("57014", true)]
    [InlineData("53300", true)]
    [InlineData("42703", false)]
    [InlineData("22021", false)]
    public void Late_IsAServerThatCannotNow_NotAStatementThatIsWrong(string state, bool isLate) =>
        Assert.Equal(isLate, ReadBound.IsLate(new PostgresException("", "ERROR", "ERROR", state)));

    /// <summary>Its timers ring when a test says so.</summary>
    private sealed class HandClock : TimeProvider
    {
        private Action _ring = () => { };

        public void Ring() => _ring();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Assert.Equal(TimeSpan.FromSeconds(5), dueTime);
            _ring += () => callback(state);
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
