using MeteringGateway.Accounts.People;
using MeteringGateway.Sales.Rewards;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Tests.Sales.Rewards;

public sealed class CouponThrottleTests
{
    private readonly CouponThrottle _throttle = new(
        Options.Create(new PeopleOptions { CouponAttempts = 3, AttemptWindow = TimeSpan.FromMinutes(30) }), new StoppedClock());

    /// <summary>One person with many wallets, and many persons of one wallet: each alone is bounded.</summary>
    [Fact]
    public void Take_WrongCodes_AreCountedByPersonAndByWallet()
    {
        for (var wallet = 1; wallet <= 3; wallet++)
        {
            Assert.Null(_throttle.Take(new RewardClaim(wallet, PersonId: 100)));
        }

        Assert.NotNull(_throttle.Take(new RewardClaim(4, PersonId: 100)));
        Assert.Null(_throttle.Take(new RewardClaim(1, PersonId: 101)));
        Assert.Null(_throttle.Take(new RewardClaim(1, PersonId: 102)));
        Assert.NotNull(_throttle.Take(new RewardClaim(1, PersonId: 103)));
    }

    /// <summary>Refused for the wallet's sake, a person has used no attempt of his own.</summary>
    [Fact]
    public void Take_RefusedByTheWallet_CostsThePersonNothing()
    {
        for (var person = 1; person <= 3; person++)
        {
            Assert.Null(_throttle.Take(new RewardClaim(1, person)));
        }

        for (var attempt = 0; attempt < 5; attempt++)
        {
            Assert.NotNull(_throttle.Take(new RewardClaim(1, PersonId: 4)));
        }

        for (var wallet = 2; wallet <= 4; wallet++)
        {
            Assert.Null(_throttle.Take(new RewardClaim(wallet, PersonId: 4)));
        }
    }

    /// <summary>A right code costs no attempt, and forgives none.</summary>
    [Fact]
    public void Succeeded_ReturnsItsOwnAttemptAlone()
    {
        var claim = new RewardClaim(1, PersonId: 1);
        Assert.Null(_throttle.Take(claim));
        for (var right = 0; right < 10; right++)
        {
            Assert.Null(_throttle.Take(claim));
            _throttle.Succeeded(claim);
        }

        Assert.Null(_throttle.Take(claim));
        Assert.Null(_throttle.Take(claim));
        Assert.NotNull(_throttle.Take(claim));
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        public override long GetTimestamp() => 0;
    }
}
