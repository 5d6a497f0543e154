using System.Text.Json;
using MeteringGateway.Accounts.Keys;
using MeteringGateway.Cli.Declarations;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Tests.Cli.Declarations;

public sealed class KeysPlanTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly AccountAnswer s_account = new(7, "a@example.com", "A", "customer", "active", 0, 500, s_now);

    private static readonly KeyRow s_key = new()
    {
        Id = 3,
        AccountId = 7,
        Name = "ci",
        Prefix = "mg_live_a",
        Mode = "live",
        Status = KeyRow.Active,
        LimitDaily = 50,
        LimitFixed = 900,
    };

    /// <summary>Only what the file speaks of is compared; null is a value, absence is none.</summary>
    [Theory]
    [InlineData(50L, 900L, "limits", "")]
    [InlineData(60L, 900L, "limits", "change ci: limits FIXED 900, DAILY 50 → FIXED 900, DAILY 60")]
    [InlineData(null, null, "limits", "change ci: limits FIXED 900, DAILY 50 → none")]
    [InlineData(60L, 900L, "", "")]
    [InlineData(50L, 900L, "limits rate_limit_per_minute", "change ci: rate_limit_per_minute none → 5")]
    [InlineData(50L, 900L, "surfaces", "change ci: surfaces all → ads, search")]
    [InlineData(50L, 900L, "expires_at", "change ci: expires_at none → 2026-03-01T12:00:01Z")]
    public void Add_KeyThatIsThere_ChangesWhatTheFileSays(long? daily, long? whole, string given, string planned)
    {
        var wanted = s_key with
        {
            LimitDaily = daily,
            LimitFixed = whole,
            RateLimitPerMinute = 5,
            Surfaces = ["search", "ads"],
            ExpiresAt = s_now.AddSeconds(1),
        };

        Assert.Equal((planned, ""), Plan([Declared(wanted, given)], [s_key]));
    }

    [Fact]
    public void Add_KeyThatIsNotThere_IsMadeWithItsLimits()
    {
        var plan = new DeclaredKeysPlan(prune: false, s_now);
        plan.Add(Account([Declared(s_key, "limits")]), s_account, [View(s_key with { Status = KeyRow.Revoked })]);

        var change = Assert.Single(plan.Changes);
        Assert.Equal(("create", "POST", "admin/accounts/7/keys"), (change.Action, change.Method.Method, change.Path));
        Assert.Equal(
            """{"limits":[{"type":"FIXED","period":null,"limit":900},{"type":"RECURRING","period":"DAILY","limit":"""
            + """50}],"name":"ci","mode":"live"}""",
            JsonSerializer.Serialize(change.Body, WireJson.Options));
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "revoke old: status active → revoked")]
    public void Add_KeyThatTheFileDoesNotName_IsRevokedOnlyWherePruned(bool prune, string planned) =>
        Assert.Equal((planned, ""), Plan([Declared(s_key, "")], [s_key, s_key with { Id = 4, Name = "old" }], prune));

    [Theory]
    [InlineData(0, "#/accounts/0/keys/0/expires_at")]
    [InlineData(-1, "#/accounts/0/keys/0/expires_at")]
    [InlineData(1, "")]
    public void Add_EndThatIsOver_CanNotBeWanted(int seconds, string errors) =>
        Assert.Equal(errors, Plan([Declared(s_key with { ExpiresAt = s_now.AddSeconds(seconds) }, "expires_at")], [s_key]).Errors);

    [Fact]
    public void Add_WhatCanNotBeDone_IsNamedByItsPlace()
    {
        var (test, twice) = (s_key with { Mode = "test" }, s_key with { Id = 4, Prefix = "mg_live_b" });
        Assert.Equal("#/accounts/0/keys/0/mode", Plan([Declared(test, "mode")], [s_key]).Errors);
        Assert.Equal("", Plan([Declared(test, "")], [s_key]).Errors);
        Assert.Equal("#/accounts/0/keys/0/name", Plan([Declared(s_key, "")], [s_key, twice]).Errors);

        var plan = new DeclaredKeysPlan(prune: false, s_now);
        plan.Add(Account([]), null, []);
        plan.Add(Account([]), s_account, []);
        plan.Add(Account([]) with { Pointer = "#/accounts/1" }, s_account, []);
        Assert.Equal(["#/accounts/0 is about a@example.com, which there is not", "#/accounts/1 is about the same account as #/accounts/0"],
            plan.Errors.Select(error => $"{error.Pointer} {error.Detail}"));
    }

    [Theory]
    [InlineData("monthly_budget", 500L, "")]
    [InlineData("monthly_budget", 501L, "change : monthly_budget 500 → 501")]
    [InlineData("monthly_budget", null, "change : monthly_budget 500 → none")]
    [InlineData("", 501L, "")]
    public void Add_Budget_ChangesWhereTheFileSpeaksOfIt(string given, long? budget, string planned)
    {
        var plan = new DeclaredKeysPlan(prune: false, s_now);
        plan.Add(Account([]) with { MonthlyBudget = budget, Given = given.Split(' ').ToHashSet() }, s_account, []);

        Assert.Equal(planned, Shown(plan));
    }

    private static (string Changes, string Errors) Plan(DeclaredKey[] wanted, KeyRow[] there, bool prune = false)
    {
        var plan = new DeclaredKeysPlan(prune, s_now);
        plan.Add(Account(wanted), s_account, [.. there.Select(View)]);
        return (Shown(plan), string.Join(' ', plan.Errors.Select(error => error.Pointer)));
    }

    private static string Shown(DeclaredKeysPlan plan) => string.Join("; ", plan.Changes.Select(change =>
        $"{change.Action} {change.Key}: " + string.Join(", ", change.Differences.Select(one => $"{one.Field} {one.Now} → {one.Wanted}"))));

    private static DeclaredAccount Account(DeclaredKey[] keys) =>
        new("#/accounts/0", null, "a@example.com", null, null, new HashSet<string>(), keys);

    private static DeclaredKey Declared(KeyRow wanted, string given) => new("#/accounts/0/keys/0", wanted, given.Split(' ').ToHashSet());

    /// <summary>As the client reads what the operator API answers.</summary>
    private static KeyAnswer View(KeyRow row) => JsonSerializer.Deserialize<KeyAnswer>(
        JsonSerializer.Serialize(KeyView.Of(row, null, s_now), WireJson.Options), WireJson.Options)!;
}
