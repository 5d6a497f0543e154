using MeteringGateway.Accounts.Keys;
using MeteringGateway.Http.Authentication;

namespace MeteringGateway.Tests.Accounts.Keys;

public sealed class KeyAllowanceTests
{
    private const long Member = 7;
    private static readonly KeyAllowance s_member = new() { AccountId = Member, Role = TeamRole.Member, KeyLimit = 100 };

    private static readonly KeyRow s_key = new()
    {
        Id = 3,
        AccountId = 1,
        Name = "ci",
        Prefix = "mg_live_a",
        Mode = "live",
        Status = KeyRow.Active,
        MadeBy = Member,
        LimitFixed = 100,
    };

    /// <summary>Each limit by itself must be within what is allowed: whichever is above can be spent up to.</summary>
    [Theory]
    [InlineData(100L, null, null, null, true)]
    [InlineData(101L, null, null, null, false)]
    [InlineData(null, 100L, 100L, 100L, true)]
    [InlineData(100L, 101L, null, null, false)]
    [InlineData(100L, null, null, 101L, false)]
    [InlineData(0L, null, null, null, true)]
    [InlineData(null, null, null, null, false)]
    public void Allows_NewKeyOfAMember_OnlyWithLimitsUpToTheMembers(long? whole, long? daily, long? weekly, long? monthly, bool isAllowed)
    {
        var key = s_key with { Limits = new KeyLimits(whole, daily, weekly, monthly) };

        Assert.Equal(isAllowed, s_member.Allows(null, key));
        Assert.True((s_member with { KeyLimit = null }).Allows(null, key));
        Assert.True((s_member with { Role = TeamRole.Billing }).Allows(null, key));
        Assert.True((s_member with { Role = TeamRole.Owner }).Allows(null, key));
    }

    /// <summary>A test key spends nothing, and neither does a key that is revoked.</summary>
    [Fact]
    public void Allows_WhatSpendsNothing_WhateverItsLimits()
    {
        var without = s_key with { LimitFixed = null };

        Assert.True(s_member.Allows(null, without with { Mode = "test" }));
        Assert.True(s_member.Allows(without, without with { Status = KeyRow.Revoked }));
    }

    /// <summary>What was allowed once stays, as long as its limits do: the name may change, the limits not.</summary>
    [Fact]
    public void Allows_ChangeOfOnesOwnKey_LimitsOnlyWithinTheMembers()
    {
        var before = s_key with { LimitFixed = 500 };

        Assert.True(s_member.Allows(before, before with { Name = "build" }));
        Assert.True(s_member.Allows(before, before with { LimitFixed = 100 }));
        Assert.False(s_member.Allows(before, before with { LimitFixed = 499 }));
        Assert.False(s_member.Allows(before, before with { LimitFixed = null }));
    }

    [Theory]
    [InlineData(7L, true)]
    [InlineData(8L, false)]
    [InlineData(null, false)]
    public void Allows_ChangeOfAKey_OnlyToItsMaker(long? maker, bool isAllowed)
    {
        var before = s_key with { MadeBy = maker };

        Assert.Equal(isAllowed, s_member.Allows(before, before with { Name = "build" }));
        Assert.True((s_member with { Role = TeamRole.Owner }).Allows(before, before with { LimitFixed = null }));
    }
}
