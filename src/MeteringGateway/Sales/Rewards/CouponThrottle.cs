using System.Globalization;
using MeteringGateway.Accounts.People;
using MeteringGateway.Http.Bounds;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Sales.Rewards;

/// <summary>
/// How often one may be wrong about a coupon's code: by person, who may share many wallets, and by wallet, which many may share. In
/// memory, each gateway for itself. Any number of callers at once.
/// </summary>
internal sealed class CouponThrottle(IOptions<PeopleOptions> options, TimeProvider time)
{
    /// <summary>About 100 bytes each.</summary>
    private const int Capacity = 50_000;
    private readonly AttemptThrottle _attempts = new(options.Value.CouponAttempts, options.Value.AttemptWindow, Capacity, time);

    /// <summary>
    /// Counts before it is known whether the code is right, so that many at once can't pass together. Null: go on; else how long to wait.
    /// </summary>
    public TimeSpan? Take(RewardClaim claim)
    {
        if (_attempts.Take(Person(claim)) is { } wait)
        {
            return wait;
        }

        var ofWallet = _attempts.Take(Wallet(claim));
        if (ofWallet is not null)
        {
            _attempts.Return(Person(claim));
        }

        return ofWallet;
    }

    /// <summary>
    /// A right code costs no attempt; the wrong ones before it stay counted, or one known code would pay for guessing others.
    /// </summary>
    public void Succeeded(RewardClaim claim)
    {
        _attempts.Return(Person(claim));
        _attempts.Return(Wallet(claim));
    }

    private static string Person(RewardClaim claim) => string.Create(CultureInfo.InvariantCulture, $"person:{claim.PersonId}");

    private static string Wallet(RewardClaim claim) => string.Create(CultureInfo.InvariantCulture, $"wallet:{claim.AccountId}");
}
