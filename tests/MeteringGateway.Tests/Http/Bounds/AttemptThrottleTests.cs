using System.Net;
using MeteringGateway.Accounts.People;
using MeteringGateway.Http.Bounds;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Tests.Http.Bounds;

public sealed class AttemptThrottleTests
{
    private readonly HandClock _clock = new();

    [Fact]
    public void Take_MoreThanAllowed_WaitsUntilOneIsBack()
    {
        var throttle = new AttemptThrottle(3, TimeSpan.FromSeconds(30), 100, _clock);
        Assert.All(Enumerable.Range(0, 3), _ => Assert.Null(throttle.Take("a")));
        Assert.Equal(TimeSpan.FromSeconds(10), throttle.Take("a"));

        _clock.Step(TimeSpan.FromSeconds(9.9));
        Assert.Equal(TimeSpan.FromSeconds(0.1), throttle.Take("a"));
        _clock.Step(TimeSpan.FromSeconds(0.1));
        Assert.Null(throttle.Take("a"));
        Assert.NotNull(throttle.Take("a"));
        Assert.Null(throttle.Take("b"));

        _clock.Step(TimeSpan.FromHours(1));
        Assert.All(Enumerable.Range(0, 3), _ => Assert.Null(throttle.Take("a")));
        Assert.NotNull(throttle.Take("a"));
    }

    [Fact]
    public void Forget_AfterSuccess_StartsAfresh()
    {
        var throttle = new AttemptThrottle(1, TimeSpan.FromMinutes(1), 100, _clock);
        Assert.Null(throttle.Take("a"));
        Assert.NotNull(throttle.Take("a"));
        throttle.Forget("a");
        Assert.Null(throttle.Take("a"));
    }

    [Fact]
    public void Take_MoreSubjectsThanCapacity_ForgetsTheOldestOnly()
    {
        var throttle = new AttemptThrottle(1, TimeSpan.FromMinutes(1), 10, _clock);
        Assert.Null(throttle.Take("first"));
        for (var i = 0; i < 20; i++)
        {
            Assert.Null(throttle.Take($"s{i}"));
        }

        Assert.NotNull(throttle.Take("s19"));
        Assert.Null(throttle.Take("first"));
    }

    [Fact]
    public void Take_ManyAtOnce_LetsExactlyTheAllowedPass()
    {
        var throttle = new AttemptThrottle(7, TimeSpan.FromMinutes(1), 100, _clock);
        var passed = 0;
        Parallel.For(0, 1000, _ =>
        {
            if (throttle.Take("a") is null)
            {
                Interlocked.Increment(ref passed);
            }
        });
        Assert.Equal(7, passed);
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("2001:db8::1", "2001:db8::ffff:1", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    public void Take_Addresses_CountTogetherAsTheyBelong(string first, string second, bool isSame)
    {
        var throttle = new SignInThrottle(Options.Create(new PeopleOptions { AttemptsPerAddress = 1 }), _clock);
        Assert.Null(throttle.Take("a@example.com", IPAddress.Parse(first)));
        Assert.Equal(isSame, throttle.Take("b@example.com", IPAddress.Parse(second)) is not null);
    }

    [Fact]
    public void Take_BlockedAddress_UsesUpNobodysEmail()
    {
        var throttle = new SignInThrottle(Options.Create(new PeopleOptions { AttemptsPerAddress = 1, AttemptsPerEmail = 1 }), _clock);
        Assert.Null(throttle.Take("x@example.com", IPAddress.Loopback));
        Assert.NotNull(throttle.Take("Victim@example.com", IPAddress.Loopback));
        Assert.Null(throttle.Take("victim@example.com", IPAddress.Parse("10.0.0.1")));
        Assert.NotNull(throttle.Take("VICTIM@example.com", IPAddress.Parse("10.0.0.2")));
    }

    private sealed class HandClock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

        public void Step(TimeSpan by) => _now += by;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
