using System.Diagnostics;
using MeteringGateway.Accounts.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Tests.Accounts.People;

public sealed class PasswordCheckTests
{
    [Fact]
    public async Task Verify_HashOfFewerRounds_AsksForANewOne()
    {
        using var old = new PasswordCheck(Options.Create(new PeopleOptions { PasswordIterations = 10_000 }));
        using var now = new PasswordCheck(Options.Create(new PeopleOptions { PasswordIterations = 20_000 }));
        var hash = await old.HashAsync("correct horse", default);

        Assert.Equal(PasswordVerificationResult.Success, await old.VerifyAsync(hash, "correct horse", default));
        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, await now.VerifyAsync(hash, "correct horse", default));
        Assert.Equal(PasswordVerificationResult.Failed, await now.VerifyAsync(hash, "correct house", default));
    }

    [Theory]
    [InlineData("pa\u0308ssword 1", "p\u00E4ssword 1", PasswordVerificationResult.Success)]
    [InlineData("p\u00E4ssword\u00A01", "pa\u0308ssword 1", PasswordVerificationResult.Success)]
    [InlineData("p\u00E4ssword 1", "password 1", PasswordVerificationResult.Failed)]
    [InlineData("p\u00E4ssword 1", "P\u00E4ssword 1", PasswordVerificationResult.Failed)]
    public async Task Verify_AnotherSpelling_IsTheSamePassword(string set, string typed, PasswordVerificationResult expected)
    {
        using var check = new PasswordCheck(Options.Create(new PeopleOptions { PasswordIterations = 10_000 }));
        Assert.Equal(expected, await check.VerifyAsync(await check.HashAsync(set, default), typed, default));
    }

    [Fact]
    public async Task Verify_HashOfATextAsItWasTyped_AsksForANewOne()
    {
        using var check = new PasswordCheck(Options.Create(new PeopleOptions { PasswordIterations = 10_000 }));
        var hasher = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = 10_000 }));
        var old = hasher.HashPassword(new object(), "pa\u0308ssword 1");

        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, await check.VerifyAsync(old, "pa\u0308ssword 1", default));
        Assert.Equal(PasswordVerificationResult.Failed, await check.VerifyAsync(old, "pa\u0308ssword 2", default));
        Assert.Equal(PasswordVerificationResult.Failed, await check.VerifyAsync(null, "pa\u0308ssword 1", default));
    }

    // Without the stand-in hash it would take a thousandth of the time, so the bound can be wide.
    [Fact]
    public async Task Verify_NoHash_TakesAsLongAsAWrongPassword()
    {
        using var check = new PasswordCheck(Options.Create(new PeopleOptions { PasswordIterations = 100_000 }));
        var hash = await check.HashAsync("correct horse", default);
        await check.VerifyAsync(hash, "warm-up", default);

        var wrong = await FastestAsync(check, hash);
        var none = await FastestAsync(check, null);

        Assert.InRange(none / wrong, 0.3, 3);
    }

    private static async Task<double> FastestAsync(PasswordCheck check, string? hash)
    {
        var fastest = double.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var started = Stopwatch.GetTimestamp();
            Assert.Equal(PasswordVerificationResult.Failed, await check.VerifyAsync(hash, "wrong password", default));
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return fastest;
    }
}
