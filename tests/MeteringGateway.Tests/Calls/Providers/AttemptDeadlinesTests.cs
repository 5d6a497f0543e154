using MeteringGateway.Calls.Providers;

namespace MeteringGateway.Tests.Calls.Providers;

public sealed class AttemptDeadlinesTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(10);

    [Fact]
    public void Begin_AfterOneThatEndedInTime_UsesItAgain()
    {
        var deadlines = new AttemptDeadlines(TimeProvider.System);
        var first = deadlines.Begin(s_long);
        var late = 0;
        first.Token.Register(() => late++);
        deadlines.End(first);

        var second = deadlines.Begin(TimeSpan.FromMilliseconds(1));

        Assert.Same(first, second);
        Assert.True(second.Token.WaitHandle.WaitOne(s_long));

        // The attempt before is over: it does not hear of this one's end.
        Assert.Equal(0, late);
    }

    [Fact]
    public void Begin_AfterOneThatPassed_IsAnother()
    {
        var deadlines = new AttemptDeadlines(TimeProvider.System);
        var passed = deadlines.Begin(TimeSpan.FromMilliseconds(1));
        Assert.True(passed.Token.WaitHandle.WaitOne(s_long));
        deadlines.End(passed);

        using var next = deadlines.Begin(s_long);

        Assert.NotSame(passed, next);
        Assert.False(next.IsCancellationRequested);
    }

    [Fact]
    public void Begin_OfTwoAtOnce_GivesEachItsOwn()
    {
        var deadlines = new AttemptDeadlines(TimeProvider.System);
        using var one = deadlines.Begin(s_long);
        using var other = deadlines.Begin(s_long);

        Assert.NotSame(one, other);
    }
}
