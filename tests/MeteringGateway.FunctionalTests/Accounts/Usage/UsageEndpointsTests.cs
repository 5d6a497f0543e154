using System.Net;
using System.Text.Json;
using MeteringGateway.FunctionalTests.Accounts.Notices;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Accounts.Usage;

[Collection(NoticeTestGroup.Name)]
public sealed class UsageEndpointsTests(NoticeGateway gateway)
{
    [Fact]
    public async Task Usage_RightAfterACall_HasItOnAnyGateway()
    {
        var (account, key, keyId) = await gateway.NewKeyAsync(1_000, new { name = "k" });
        await gateway.ChargeAsync(key, 5);
        await gateway.ChargeAsync(key, 7);

        foreach (var path in new[] { "api/me/usage", "api/me/usage?by=hour", $"api/me/usage?surface=search&key_id={keyId}" })
        {
            var usage = (await gateway.Second.Client.SendAsync(HttpMethod.Get, path, key, null)).Expect(HttpStatusCode.OK);
            Assert.Equal((2, 12, 0), Sums(usage));
            Assert.All(
                usage.GetProperty("usage").EnumerateArray(),
                row => Assert.Equal(
                    $"search {keyId} alpha",
                    $"{row.GetProperty("surface")} {row.GetProperty("key_id")} {row.GetProperty("provider")}"));
        }

        var operators = (await gateway.Client.AdminAsync(HttpMethod.Get, $"admin/usage?account_id={account}")).ExpectSuccess();
        Assert.Equal((2, 12, 0), Sums(operators));
    }

    [Fact]
    public async Task Usage_OfAnothersKeyOrOfATestKey_IsEmpty()
    {
        var (_, key, keyId) = await gateway.NewKeyAsync(1_000, new { name = "k" });
        var (_, other, _) = await gateway.NewKeyAsync(1_000, new { name = "k" });
        var (_, test, _) = await gateway.NewKeyAsync(1_000, new { name = "k", mode = "test" });
        await gateway.ChargeAsync(key, 5);
        await gateway.ChargeAsync(test, 5);

        var foreign = await gateway.Client.SendAsync(HttpMethod.Get, $"api/me/usage?key_id={keyId}", other, null);
        var tests = await gateway.Client.SendAsync(HttpMethod.Get, "api/me/usage", test, null);

        Assert.Equal((0, 0, 0), Sums(foreign.ExpectSuccess()));
        Assert.Equal((0, 0, 0), Sums(tests.ExpectSuccess()));
    }

    [Fact]
    public async Task Refusals_OfSeveralGateways_AreCountedByCode()
    {
        var (account, key, keyId) = await gateway.NewKeyAsync(1_000, new { name = "k", spending_limit = 10 });
        await gateway.ChargeAsync(key, 8);
        var over = new { surface = "search", kind = "one", count = 5 };
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("key_limit_exceeded", (await gateway.First.Client.QueryAsync(key, over)).Code);
            Assert.Equal("key_limit_exceeded", (await gateway.Second.Client.QueryAsync(key, over)).Code);
        }

        Assert.Equal("unknown_surface", (await gateway.Client.QueryAsync(key, new { surface = "nothing" })).Code);

        var rows = new List<string>();
        await Eventually.TrueAsync(
            async () =>
            {
                var usage = (await gateway.Client.AdminAsync(HttpMethod.Get, $"admin/usage?account_id={account}&by=hour")).ExpectSuccess();
                rows = [.. usage.GetProperty("refusals").EnumerateArray()
                    .GroupBy(row => $"{row.GetProperty("surface")} {row.GetProperty("key_id")} {row.GetProperty("code")}")
                    .Select(row => $"{row.Key} {row.Sum(one => one.GetProperty("calls").GetInt64())}").Order(StringComparer.Ordinal)];
                return Sums(usage).Refused == 7;
            },
            () => string.Join("; ", rows));
        Assert.Equal([$" {keyId} unknown_surface 1", $"search {keyId} key_limit_exceeded 6"], rows);
    }

    [Fact]
    public async Task Usage_OfAllAccounts_ContainsEachOfThem()
    {
        var before = Sums((await gateway.Client.AdminAsync(HttpMethod.Get, "admin/usage?surface=search")).ExpectSuccess());
        var (_, key, _) = await gateway.NewKeyAsync(1_000, new { name = "k" });
        await gateway.ChargeAsync(key, 9);

        var after = before;
        await Eventually.TrueAsync(
            async () => (after = Sums((await gateway.Client.AdminAsync(HttpMethod.Get, "admin/usage?surface=search")).ExpectSuccess()))
                .Credits >= before.Credits + 9,
            () => $"{after} after {before}");
    }

    [Theory]
    [InlineData("by=week", "by")]
    [InlineData("key_id=x&by=y", "by key_id")]
    [InlineData("by=hour&from=2026-01-01&to=2026-02-01", "to")]
    [InlineData("from=2025-01-01&to=2026-02-05", "to")]
    [InlineData("from=2026-02-01&to=2026-01-01", "to")]
    [InlineData("from=2999-01-01", "from")]
    [InlineData("from=yesterday", "from")]
    public async Task Usage_WrongParameters_NamesThem(string parameters, string names)
    {
        var (_, key, _) = await gateway.NewKeyAsync(0, new { name = "k" });

        var answer = await gateway.Client.SendAsync(HttpMethod.Get, "api/me/usage?" + parameters, key, null);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        var errors = answer.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("parameter").GetString());
        Assert.Equal(names, string.Join(' ', errors));
    }

    [Fact]
    public async Task Usage_OfAKeyWithoutItsAccount_IsRefused()
    {
        var answer = await gateway.Client.AdminAsync(HttpMethod.Get, "admin/usage?key_id=1");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("account_id", answer.Text, StringComparison.Ordinal);
    }

    private static (long Calls, long Credits, long Refused) Sums(JsonElement usage)
    {
        var (calls, credits, refused) = (Of("calls"), Of("credits"), Of("refused"));
        Assert.Equal(calls, usage.GetProperty("usage").EnumerateArray().Sum(row => row.GetProperty("calls").GetInt64()));
        Assert.Equal(credits, usage.GetProperty("usage").EnumerateArray().Sum(row => row.GetProperty("credits").GetInt64()));
        Assert.Equal(refused, usage.GetProperty("refusals").EnumerateArray().Sum(row => row.GetProperty("calls").GetInt64()));
        return (calls, credits, refused);

        long Of(string name) => usage.GetProperty(name).GetInt64();
    }
}
