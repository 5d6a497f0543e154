using MeteringGateway.Accounts.Keys;
using MeteringGateway.Tests.Http.Requests;

namespace MeteringGateway.Tests.Accounts.Keys;

public sealed class KeyRequestsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"name":"k"}""", "", null, null, null, null)]
    [InlineData("""{"name":"k","mode":"test","spending_limit":null,"spending_type":"FIXED"}""", "", null, null, null, null)]
    [InlineData("""{"name":"k","spending_limit":50}""", "", 50L, null, null, null)]
    [InlineData("""{"name":"k","spending_limit":50,"spending_type":"FIXED","spending_period":null}""", "", 50L, null, null, null)]
    [InlineData("""{"name":"k","spending_limit":50,"spending_type":"RECURRING","spending_period":"WEEKLY"}""", "", null, null, 50L, null)]
    [InlineData("""{"name":"k","spending_limit":0,"spending_period":"DAILY"}""", "", null, 0L, null, null)]
    [InlineData("""{"name":"k","spending_limit":50,"spending_type":"RECURRING"}""", "#/spending_period", null, null, null, null)]
    [InlineData(
        """{"name":"k","spending_limit":50,"spending_type":"FIXED","spending_period":"DAILY"}""",
        "#/spending_period", null, null, null, null)]
    [InlineData(
        """{"name":"k","spending_limit":-1,"spending_type":"YEARLY","spending_period":"daily"}""",
        "#/spending_limit #/spending_type #/spending_period", null, null, null, null)]
    [InlineData("""{"name":"k","spending_limit":1000000000000000}""", "", 1_000_000_000_000_000L, null, null, null)]
    [InlineData("""{"name":"k","spending_limit":1000000000000001}""", "#/spending_limit", null, null, null, null)]
    [InlineData("""{"name":"k","limits":[]}""", "", null, null, null, null)]
    [InlineData(
        """{"name":"k","limits":[{"type":"FIXED","limit":9},{"type":"RECURRING","period":"DAILY","limit":1},{"type":"RECURRING","period":"WEEKLY","limit":2},{"type":"RECURRING","period":"MONTHLY","limit":3}]}""",
        "", 9L, 1L, 2L, 3L)]
    [InlineData(
        """{"name":"k","limits":[{"type":"RECURRING","period":"DAILY","limit":1},{"type":"RECURRING","period":"DAILY","limit":2}]}""",
        "#/limits", null, null, null, null)]
    [InlineData(
        """{"name":"k","limits":[{"type":"RECURRING","limit":1},{"type":"FIXED","period":"DAILY","limit":2}]}""",
        "#/limits/0/period #/limits/1/period", null, null, null, null)]
    [InlineData(
        """{"name":"k","limits":[{"limit":null,"spent":1},7]}""", "#/limits/0/type #/limits/0/limit #/limits/0/spent #/limits/1",
        null, null, null, null)]
    [InlineData("""{"name":"k","limits":{"type":"FIXED"}}""", "#/limits", null, null, null, null)]
    [InlineData("""{"name":"k","limits":[],"spending_limit":5}""", "#/limits", null, null, null, null)]
    [InlineData(
        """{"name":"k","limits":null,"spending_limit":5,"spending_type":"FIXED","spending_period":null}""", "", 5L, null, null, null)]
    [InlineData(
        """{"name":"k","limits":[{"type":"RECURRING","period":"DAILY","limit":7}],"spending_limit":null,"spending_type":null,"spending_period":null}""",
        "", null, 7L, null, null)]
    [InlineData(
        """{"name":"k","limits":null,"spending_limit":null,"spending_type":null,"spending_period":null}""", "", null, null, null, null)]
    [InlineData("""{"name":"k","limits":[],"spending_type":"FIXED"}""", "#/limits", null, null, null, null)]
    public void ReadNew_Limits_AreReadOrPointedAt(string json, string pointers, long? total, long? daily, long? weekly, long? monthly)
    {
        var fields = Body.Fields(json);
        var key = KeyRequests.ReadNew(fields, 1, _ => true, Now);

        Assert.Equal(pointers, Body.Pointers(fields.Errors));
        Assert.Equal(pointers.Length == 0, key is not null);
        Assert.Equal(new KeyLimits(total, daily, weekly, monthly), key?.Limits ?? default);
    }

    [Theory]
    [InlineData("""{}""", "#/name")]
    [InlineData("""{"name":"k","mode":"prod"}""", "#/mode")]
    [InlineData("""{"name":"k","surfaces":["search"]}""", "")]
    [InlineData("""{"name":"k","surfaces":null}""", "")]
    [InlineData("""{"name":"k","surfaces":[]}""", "#/surfaces")]
    [InlineData("""{"name":"k","surfaces":["search","fax","search",7]}""", "#/surfaces/1 #/surfaces/2 #/surfaces/3")]
    [InlineData("""{"name":"k","expires_at":"2026-11-21T12:00:01Z"}""", "")]
    [InlineData("""{"name":"k","expires_at":"2026-11-21T12:00:00Z"}""", "#/expires_at")]
    [InlineData("""{"name":"k","rate_limit_per_minute":1}""", "")]
    [InlineData("""{"name":"k","rate_limit_per_minute":0}""", "#/rate_limit_per_minute")]
    [InlineData("""{"name":"k","spending_limits":5,"status":"active"}""", "#/spending_limits #/status")]
    public void ReadNew_OtherFields_AreReadOrPointedAt(string json, string pointers)
    {
        var fields = Body.Fields(json);
        var key = KeyRequests.ReadNew(fields, 1, slug => slug == "search", Now);

        Assert.Equal(pointers, Body.Pointers(fields.Errors));
        Assert.Equal(pointers.Length == 0, key is not null);
    }

    [Theory]
    [InlineData("""{"name":"new"}""", "", null, 300L, null)]
    [InlineData("""{"spending_limit":500}""", "", null, 500L, null)]
    [InlineData("""{"spending_limit":null}""", "", null, null, null)]
    [InlineData("""{"spending_period":"MONTHLY"}""", "", null, null, 300L)]
    [InlineData("""{"spending_type":"FIXED"}""", "", 300L, null, null)]
    [InlineData("""{"limits":null}""", "", null, null, null)]
    [InlineData("""{"limits":null,"spending_limit":null,"spending_type":null,"spending_period":null}""", "", null, null, null)]
    [InlineData("""{"limits":null,"spending_limit":9,"spending_type":"FIXED"}""", "", 9L, null, null)]
    [InlineData("""{"limits":[{"type":"FIXED","limit":1}]}""", "", 1L, null, null)]
    [InlineData("""{"mode":"test"}""", "#/mode", null, null, null)]
    [InlineData("""{"name":null}""", "#/name", null, null, null)]
    public void ReadChange_OfADailyKey_LeavesWhatIsAbsent(string json, string pointers, long? total, long? daily, long? monthly)
    {
        var current = Row(new KeyLimits(null, 300, null, null));
        var fields = Body.Fields(json);
        var changed = KeyRequests.ReadChange(fields, current, _ => true, Now);

        Assert.Equal(pointers, Body.Pointers(fields.Errors));
        Assert.Equal(new KeyLimits(total, daily, null, monthly), changed?.Limits ?? default);
    }

    [Fact]
    public void ReadChange_ThreeFieldsOnAKeyWithTwoLimits_IsRefused()
    {
        var fields = Body.Fields("""{"spending_limit":500}""");

        Assert.Null(KeyRequests.ReadChange(fields, Row(new KeyLimits(1000, 300, null, null)), _ => true, Now));
        Assert.Equal("#/spending_limit", Body.Pointers(fields.Errors));
    }

    [Fact]
    public void ReadChange_NullOfOptionalFields_RemovesThem()
    {
        var current = Row(default) with { ExpiresAt = Now.AddDays(1), RateLimitPerMinute = 5, Surfaces = ["search"] };
        var changed = KeyRequests.ReadChange(
            Body.Fields("""{"expires_at":null,"rate_limit_per_minute":null,"surfaces":null}"""), current, _ => true, Now);

        Assert.Equal((null, null, null), (changed!.ExpiresAt, changed.RateLimitPerMinute, changed.Surfaces));
    }

    [Theory]
    [InlineData("{}", 0)]
    [InlineData("""{"overlap_seconds":604800}""", 604_800)]
    [InlineData("""{"overlap_seconds":604801}""", null)]
    [InlineData("""{"overlap_seconds":-1}""", null)]
    public void ReadRotation_Seconds_AreBounded(string json, int? seconds) =>
        Assert.Equal(seconds, (int?)KeyRequests.ReadRotation(Body.Fields(json))?.Overlap.TotalSeconds);

    [Theory]
    [InlineData(3, 0, true)]
    [InlineData(2, 59, true)]
    [InlineData(2, 60, false)]
    [InlineData(1, 0, false)]
    [InlineData(4, 0, false)]
    public void Opens_SecretVersions_OverlapOnlyWithTheOneBefore(int version, int secondsLater, bool opens)
    {
        var key = Row(default) with { SecretVersion = 3, PreviousSecretUntil = Now.AddSeconds(60) };

        Assert.Equal(opens, key.Opens(version, Now.AddSeconds(secondsLater)));
    }

    [Fact]
    public void Status_PastItsExpiry_IsExpired()
    {
        var key = Row(default) with { ExpiresAt = Now };

        Assert.Equal("expired", key.StatusAt(Now));
        Assert.Equal("active", key.StatusAt(Now.AddTicks(-1)));
        Assert.Equal("revoked", (key with { Status = KeyRow.Revoked }).StatusAt(Now));
    }

    private static KeyRow Row(KeyLimits limits) => new()
    {
        Id = 1,
        AccountId = 1,
        Name = "k",
        Prefix = "mg_live_abc",
        Mode = "live",
        Status = KeyRow.Active,
        SecretVersion = 1,
        Limits = limits,
    };
}
