using MeteringGateway.Calls.Idempotency;

namespace MeteringGateway.Tests.Calls.Idempotency;

public sealed class ReplayTurnsTests
{
    private readonly ReplayTurns _turns = new();

    [Fact]
    public async Task Wait_BehindAsManyAsMayBeAnswered_EndsWithATurn()
    {
        var first = await TakeAllAsync();
        var next = WaitAsync(1);
        Assert.False(next.IsCompleted);

        // Another account has turns of its own.
        Assert.NotNull(await WaitAsync(2));

        first[0].Dispose();
        Assert.NotNull(await next);
    }

    [Fact]
    public async Task Wait_BeyondAllThatMayWait_IsRefusedUntilOneHasEnded()
    {
        var first = await TakeAllAsync();
        var waiting = Enumerable.Range(0, ReplayTurns.Most - ReplayTurns.AtOnce).Select(_ => WaitAsync(1)).ToArray();
        Assert.Null(await WaitAsync(1));

        first[0].Dispose();
        Assert.NotNull(await waiting[0]);
        var next = WaitAsync(1);
        Assert.Null(await WaitAsync(1));
        Assert.False(next.IsCompleted);
    }

    [Fact]
    public async Task Wait_OfAClientThatLeaves_LeavesItsPlace()
    {
        await TakeAllAsync();
        using var gone = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, ReplayTurns.Most - ReplayTurns.AtOnce).Select(_ => WaitAsync(1, gone.Token)).ToArray();
        await gone.CancelAsync();
        foreach (var one in waiting)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        }

        Assert.False(WaitAsync(1).IsCompleted);
    }

    [Fact]
    public async Task Turns_ThatHaveAllEnded_AreThereAgain()
    {
        foreach (var turn in await TakeAllAsync())
        {
            turn.Dispose();
        }

        Assert.Equal(ReplayTurns.AtOnce, (await TakeAllAsync()).Count);
    }

    private async Task<List<IDisposable>> TakeAllAsync()
    {
        var turns = new List<IDisposable>();
        for (var i = 0; i < ReplayTurns.AtOnce; i++)
        {
            turns.Add((await WaitAsync(1))!);
        }

        return turns;
    }

    private Task<IDisposable?> WaitAsync(long account, CancellationToken cancellationToken = default) =>
        _turns.WaitAsync(account, cancellationToken).AsTask();
}
