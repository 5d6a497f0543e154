using MeteringGateway.WebConsole.Frame;

namespace MeteringGateway.Tests.WebConsole;

public sealed class ShortMemoryTests
{
    private readonly SteppedClock _time = new();
    private int _looks;

    [Fact]
    public async Task Look_WithinASecond_IsOne()
    {
        using var memory = new ShortMemory(_time);
        Assert.Equal("1", await memory.GetAsync("key", LookAsync));
        Assert.Equal("1", await memory.GetAsync("key", LookAsync));
        Assert.Equal("2", await memory.GetAsync("another", LookAsync));
        _time.Now += TimeSpan.FromSeconds(1);
        Assert.Equal("3", await memory.GetAsync("key", LookAsync));
    }

    [Fact]
    public async Task Look_ThatItsVisitorBrokeOff_IsMadeAnewForTheNext()
    {
        using var memory = new ShortMemory(_time);
        var first = new TaskCompletionSource<string>();
        var left = memory.GetAsync("key", () => first.Task);
        var next = memory.GetAsync("key", LookAsync);
        first.SetCanceled();
        await Assert.ThrowsAsync<TaskCanceledException>(() => left);
        Assert.Equal("1", await next);
        Assert.Equal("2", await memory.GetAsync("key", LookAsync));
    }

    private Task<string> LookAsync() => Task.FromResult($"{++_looks}");

    private sealed class SteppedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 5, 19, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
