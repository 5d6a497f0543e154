using MeteringGateway.Accounts.Keys;

namespace MeteringGateway.Tests.Accounts.Keys;

public sealed class KeyRowTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly KeyRow s_key = new()
    {
        Id = 3,
        AccountId = 1,
        Name = "ci",
        Prefix = "mg_live_a",
        Mode = "live",
        Status = KeyRow.Active,
        SecretVersion = 4,
    };

    /// <summary>Seconds from now on: it works before its end, and a revoked key is that and nothing else.</summary>
    [Theory]
    [InlineData("active", null, "active")]
    [InlineData("active", 1, "active")]
    [InlineData("active", 0, "expired")]
    [InlineData("active", -1, "expired")]
    [InlineData("revoked", 1, "revoked")]
    [InlineData("revoked", -1, "revoked")]
    public void StatusAt_ByItsEnd_IsAsInTheTable(string status, int? end, string shown)
    {
        var key = s_key with { Status = status, ExpiresAt = At(end) };

        Assert.Equal(shown, key.StatusAt(s_now));
        Assert.Equal(shown == "active", key.Opens(4, s_now));
    }

    /// <summary>The present secret, and the one before it until their overlap ends; no other.</summary>
    [Theory]
    [InlineData(4, null, true)]
    [InlineData(3, null, false)]
    [InlineData(3, 1, true)]
    [InlineData(3, 0, false)]
    [InlineData(2, 1, false)]
    [InlineData(5, 1, false)]
    public void Opens_SecretOfEachVersion_OnlyWhileItIsGood(int version, int? overlap, bool opens)
    {
        var key = s_key with { PreviousSecretUntil = At(overlap) };

        Assert.Equal(opens, key.Opens(version, s_now));
        Assert.False((key with { Status = KeyRow.Revoked }).Opens(version, s_now));
    }

    private static DateTimeOffset? At(int? seconds) => seconds is { } some ? s_now.AddSeconds(some) : null;
}
