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

    /// <summary>How long an answer takes must not tell whether anybody has that address: the same hashes are computed.</summary>
    [Theory]
    [InlineData("wrong password", 1)]
    [InlineData("pa\u0308ssword 1", 2)]
    public async Task Verify_NoHash_DoesTheWorkOfAWrongPassword(string typed, int hashes)
    {
        var hasher = new WatchedHasher();
        using var check = new PasswordCheck(Options.Create(new PeopleOptions()), hasher);
        var hash = await check.HashAsync("correct horse", default);

        Assert.Equal(PasswordVerificationResult.Failed, await check.VerifyAsync(hash, typed, default));
        var wrong = hasher.TakeVerified();
        Assert.Equal(PasswordVerificationResult.Failed, await check.VerifyAsync(null, typed, default));
        var none = hasher.TakeVerified();

        Assert.Equal(hashes, wrong.Length);
        Assert.Equal(wrong.Select(one => one.Password), none.Select(one => one.Password));
        Assert.All(none, one => Assert.Equal(CostOf(hash), CostOf(one.Hash)));
    }

    /// <summary>All that the work depends on (format, function, rounds, sizes of salt and key), without salt and key themselves.</summary>
    private static string CostOf(string hash)
    {
        const int HeadBytes = 13;
        var bytes = Convert.FromBase64String(hash);
        return $"{Convert.ToHexString(bytes, 0, HeadBytes)}, {bytes.Length} bytes";
    }

    private sealed class WatchedHasher()
        : PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = 10_000 }))
    {
        private readonly List<(string Hash, string Password)> _verified = [];

        public (string Hash, string Password)[] TakeVerified()
        {
            (string Hash, string Password)[] taken = [.. _verified];
            _verified.Clear();
            return taken;
        }

        public override PasswordVerificationResult VerifyHashedPassword(object user, string hashedPassword, string providedPassword)
        {
            _verified.Add((hashedPassword, providedPassword));
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
