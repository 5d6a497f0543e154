using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Tests.Ledger.Entries;

public sealed class OutboxEntryTests
{
    [Fact]
    public void TryParse_Charge_ReadsEveryField()
    {
        Assert.True(OutboxEntry.TryParse(
            """1795238167575|3|12|34|-5|95|20778|2968|24322|{"id":"r1","type":"usage","surface":"search","provider":"beta","description":"Web search | \"x\"","metadata":{"a":1}}""",
            out var entry, out _));
        Assert.Equal(
            ("r1", 3, 12, 34, -5, 95), (entry!.EntryId, entry.Epoch, entry.AccountId, entry.KeyId, entry.CreditsDelta, entry.SeenBalance));
        Assert.Equal(new SpendWindows(20778, 2968, 24322), entry.Windows);
        Assert.Equal(
            ("usage", "search", "beta", "Web search | \"x\"", "{\"a\":1}"),
            (entry.EntryType, entry.Surface, entry.Provider, entry.Description, entry.Metadata));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1795238167575), entry.OccurredAt);
    }

    [Fact]
    public void TryParse_WhatAChargeRemembers_IsReadWhereItIsThere()
    {
        const string charge = """1|3|12|34|-5|95|20778|2968|24322|{"id":"r1","type":"usage","attempts":"alpha=503;12, beta=200;31","held":9,"idempotency":"HASH"}""";
        var hash = new string('a', 63) + '7';
        Assert.True(OutboxEntry.TryParse(charge.Replace("HASH", hash, StringComparison.Ordinal), out var entry, out _));
        Assert.Equal(("alpha=503;12, beta=200;31", 9L, hash), (entry!.Attempts, entry.Held, entry.Idempotency));

        // A damaged hash costs no charge, and an entry of before has none of the three.
        Assert.True(OutboxEntry.TryParse(charge, out entry, out _));
        Assert.Null(entry!.Idempotency);
        Assert.True(OutboxEntry.TryParse("""1|3|12|34|-5|95|20778|2968|24322|{"id":"r1","type":"usage"}""", out entry, out _));
        Assert.Equal((null, null, null), (entry!.Attempts, entry.Held, entry.Idempotency));
    }

    [Fact]
    public void TryParse_MembersOfANewerGateway_AreSkipped() =>
        Assert.True(OutboxEntry.TryParse("""1|1|12||100|100||||{"id":"a","newer":{"b":[1]},"type":"bonus"}""", out _, out _));

    [Fact]
    public void TryParse_MoneyIn_HasNoKeyAndNoWindows()
    {
        Assert.True(OutboxEntry.TryParse("""1|1|12||100|100||||{"id":"manual:1","type":"bonus"}""", out var entry, out _));
        Assert.Null(entry!.KeyId);
        Assert.Null(entry.Windows);
        Assert.Equal(100, entry.CreditsDelta);
    }

    [Fact]
    public void Entry_WithAndWithoutTheNumberOfItsFormat_ReadsTheSame()
    {
        const string old = """1795238167575|3|12|34|-5|95|20778|2968|24322|{"id":"r1","type":"usage"}""";
        Assert.True(OutboxEntry.TryParse(old, out var before, out _));
        Assert.True(OutboxEntry.TryParse("v1|" + old, out var now, out _));
        Assert.Equal(before, now);
    }

    [Theory]
    [InlineData("v2|whatever", true)]
    [InlineData("v10|1|2", true)]
    [InlineData("v1|1|1|12||100|100||||{}", false)]
    [InlineData("1|1|12||100|100||||{}", false)]
    [InlineData("v|1", false)]
    [InlineData("vx|1", false)]
    [InlineData("v2", false)]
    [InlineData("", false)]
    public void Entry_OfAnotherFormat_IsOneWhoseNumberIsAnother(string packed, bool isOther) =>
        Assert.Equal(isOther, OutboxEntry.IsOfAnotherFormat(packed));

    [Theory]
    [InlineData("")]
    [InlineData("1|1|12||100|100||||")]
    [InlineData("1|1|12||100|100||||{}")]
    [InlineData("1|1|12||100|100||||{\"id\":null,\"type\":\"bonus\"}")]
    [InlineData("x|1|12||100|100||||{\"id\":\"a\",\"type\":\"bonus\"}")]
    [InlineData("1|1|12||1e3|100||||{\"id\":\"a\",\"type\":\"bonus\"}")]
    [InlineData("1|1|99999999999999999999||1|100||||{\"id\":\"a\",\"type\":\"bonus\"}")]
    [InlineData("9223372036854775807|1|1||1|100||||{\"id\":\"a\",\"type\":\"bonus\"}")]
    public void TryParse_Damaged_SaysWhy(string packed)
    {
        Assert.False(OutboxEntry.TryParse(packed, out var entry, out var reason));
        Assert.Null(entry);
        Assert.False(string.IsNullOrEmpty(reason));
    }
}
