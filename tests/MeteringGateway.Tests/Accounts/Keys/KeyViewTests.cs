using System.Text.Json;
using MeteringGateway.Accounts.Keys;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Tests.Accounts.Keys;

public sealed class KeyViewTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void View_SpentAboveALoweredLimit_HasNothingRemaining()
    {
        var state = new KeyState(
            true, [new LimitState("FIXED", null, 10, 25, 5, null), new LimitState("RECURRING", "DAILY", null, 25, 5, Now.AddHours(12))]);
        var view = Json(KeyView.Of(Row(new KeyLimits(10, null, null, null)), state, Now));

        var limit = Assert.Single(view.GetProperty("limits").EnumerateArray());
        Assert.Equal(0, limit.GetProperty("remaining").GetInt64());
        Assert.Equal(25, limit.GetProperty("spent").GetInt64());
        Assert.Equal(5, limit.GetProperty("held").GetInt64());
        Assert.Equal(JsonValueKind.Null, limit.GetProperty("resets_at").ValueKind);
        Assert.Equal(10, view.GetProperty("spending_limit").GetInt64());
        Assert.Equal("FIXED", view.GetProperty("spending_type").GetString());
        Assert.False(view.TryGetProperty("key", out _));
    }

    [Fact]
    public void View_SeveralLimits_HasNoSpendingFields()
    {
        var view = Json(KeyView.Of(Row(new KeyLimits(10, 5, null, null)), null, Now));

        Assert.Equal(2, view.GetProperty("limits").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, view.GetProperty("limits")[0].GetProperty("spent").ValueKind);
        Assert.False(view.TryGetProperty("spending_limit", out _));
        Assert.False(view.TryGetProperty("spending_type", out _));
    }

    private static JsonElement Json(KeyView view) => JsonSerializer.SerializeToElement(view, WireJson.Options);

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
