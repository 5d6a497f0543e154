using System.Diagnostics.Metrics;
using MeteringGateway.Engine;
using MeteringGateway.Engine.Calls.Batching;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Engine.Upkeep;
using MeteringGateway.Ledger;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Epochs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MeteringGateway.FunctionalTests.Engine.Upkeep;

/// <summary>A Redis whose clock is set ahead, and our own, which the tests move; holds live for a minute at most.</summary>
public sealed class HoldExpiryTests : IClassFixture<ScriptRedis>, IDisposable
{
    private const long Epoch = 8;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<EngineMetrics>().BuildServiceProvider();
    private readonly Partitions _partitions = new(new PartitionMap(8), new PartitionEpochs(new PartitionMap(8)));
    private readonly SteppedClock _clock = new();
    private readonly ScriptPartition _store;
    private readonly HoldExpiry _reaper;
    private readonly DateTimeOffset _start = TimeProvider.System.GetUtcNow();
    private readonly List<(string Request, long Account, long Credits)> _expired = [];
    private int _storeSeconds;

    public HoldExpiryTests(ScriptRedis redis)
    {
        _store = redis.NewPartition();
        var metrics = _services.GetRequiredService<EngineMetrics>();
        _reaper = new HoldExpiry(
            redis.Connection, new ScriptRunner(redis.Connection, _partitions, metrics, NullLogger<ScriptRunner>.Instance),
            new CallLanes(redis.Connection, _partitions, Options.Create(new LedgerOptions()), metrics, NullLogger<CallLanes>.Instance),
            _partitions, null!,
            () => TimeSpan.FromSeconds(60), (request, account, credits) => _expired.Add((request, account, credits)), metrics, _clock,
            NullLogger<HoldExpiry>.Instance);
    }

    public void Dispose()
    {
        _partitions.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Hold_OfACallInFlight_OutlivesAJumpThatIsSmallerThanItsLife()
    {
        await LoadAsync();
        await ReserveAsync("r", lifetime: 60);
        Assert.Equal(0, await LookAsync(seconds: 5));
        Assert.Equal(0, await LookAsync(seconds: 0, jump: 45));
        Assert.Equal(0, await LookAsync(seconds: 20));
        Assert.Equal(0, await LookAsync(seconds: 34));
        Assert.Equal(1, await LookAsync(seconds: 2));
    }

    /// <summary>With each hold that was given back here, and with no other: of a second try by the id of its request.</summary>
    [Fact]
    public async Task Hold_ThatExpired_IsToldOfWithItsCall()
    {
        await LoadAsync();
        await ReserveAsync("first.2", lifetime: 1);
        await ReserveAsync("second", lifetime: 60);
        Assert.Equal(1, await LookAsync(seconds: 2));
        Assert.Equal(0, await LookAsync(seconds: 2));
        Assert.Equal([("first", 1L, 10L)], _expired);
    }

    [Fact]
    public async Task Hold_OfACallInFlight_OutlivesASecondJump()
    {
        await LoadAsync();
        await ReserveAsync("long", lifetime: 60);
        Assert.Equal(0, await LookAsync(seconds: 5));
        Assert.Equal(0, await LookAsync(seconds: 0, jump: 45));
        await ReserveAsync("short", lifetime: 2);
        Assert.Equal(0, await LookAsync(seconds: 0, jump: 20));
        Assert.Equal(0, await LookAsync(seconds: 30));
        Assert.Equal(2, await LookAsync(seconds: 30));
    }

    [Fact]
    public async Task Hold_MadeSinceTheClockWasSet_GoesBackAfterALifeAtMost()
    {
        await LoadAsync();
        Assert.Equal(0, await LookAsync(seconds: 5));
        await MoveStoreAsync(3_600);
        await ReserveAsync("r", lifetime: 40);
        Assert.Equal(0, await LookAsync(seconds: 0));
        Assert.Equal(0, await LookAsync(seconds: 58));
        Assert.Equal(1, await LookAsync(seconds: 4));
    }

    /// <summary>While a jump of the clock suspends expiry, holds past their deadline stay, and the operator sees how many.</summary>
    [Fact]
    public async Task Metrics_WhileExpiryIsSuspended_TellOfOverdueHoldsAndOfTheClock()
    {
        await LoadAsync();
        await ReserveAsync("late", lifetime: 2);
        await ReserveAsync("long", lifetime: 60);
        Assert.Equal(0, await LookAsync(seconds: 0, jump: 45));
        Assert.Equal(1, Read("metering_holds_overdue"));
        Assert.InRange(Read("metering_clock_offset_seconds"), -46, -1);

        Assert.Equal(2, await LookAsync(seconds: 60));
        Assert.Equal(0, Read("metering_holds_overdue"));
        Assert.InRange(Read("metering_clock_offset_seconds"), -106, -50);
    }

    private double Read(string name)
    {
        double read = double.NaN;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == name && instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => read = value);
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => read = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return read;
    }

    private async Task LoadAsync()
    {
        var caller = new ScriptCaller(Epoch, 0);
        await _store.FenceAsync(Epoch);
        await _store.OpenAsync(Epoch, 0);
        await _store.LoadAccountAsync(caller, 1, 1_000, "active", 1, -1, 0, 0);
        await _store.LoadKeyAsync(caller, 1, 1, "active", 1, 0, 0, "", 0, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0);
        _partitions.Open(_store.Number, Epoch, 0, _store.Redis.ConnectionNumber);
        await MoveStoreAsync(0);
        Assert.Equal(0, await _reaper.ReapAsync(_store.Number, CancellationToken.None));
    }

    private async Task ReserveAsync(string id, int lifetime) =>
        Assert.Equal(1, (await _store.ReserveAsync(new ScriptCaller(Epoch, 0), id, 1, 1, 10, lifetime * 1_000, 1, "slow", 1_000))[0]);

    /// <summary>A look after so many seconds, with the clock of Redis set ahead by more. How many holds were given back.</summary>
    private async Task<int> LookAsync(int seconds, int jump = 0)
    {
        _clock.Step(TimeSpan.FromSeconds(seconds));
        await MoveStoreAsync(seconds + jump);
        return await _reaper.ReapAsync(_store.Number, CancellationToken.None);
    }

    /// <summary>Sets the clock of Redis anew each time, so that what the machine needs for a test is not in it.</summary>
    private Task MoveStoreAsync(int seconds)
    {
        _storeSeconds += seconds;
        var target = _start.AddSeconds(_storeSeconds);
        return _store.SetClockOffsetAsync((long)(target - TimeProvider.System.GetUtcNow()).TotalMilliseconds);
    }

    private sealed class SteppedClock : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Step(TimeSpan by) => _ticks += by.Ticks;
    }
}
