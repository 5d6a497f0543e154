using System.Net;
using MeteringGateway.FunctionalTests.Accounts.Notices;

namespace MeteringGateway.FunctionalTests.Cli;

/// <summary>What the verbs find keys by: GET /admin/keys.</summary>
[Collection(NoticeTestGroup.Name)]
public sealed class KeySearchTests(NoticeGateway gateway)
{
    [Fact]
    public async Task Search_ByNamePrefixAndAccount_FindsThoseAlone()
    {
        var name = $"searched {Guid.NewGuid():N}";
        var (account, secret, id) = await gateway.NewKeyAsync(10, new { name });
        var (other, _, otherId) = await gateway.NewKeyAsync(10, new { name });

        Assert.Equal([id, otherId], await FindAsync($"name={Uri.EscapeDataString(name)}"));
        Assert.Equal([id], await FindAsync($"prefix={secret[..14]}"));
        Assert.Equal([otherId], await FindAsync($"account_id={other}&name={Uri.EscapeDataString(name)}"));
        Assert.Equal([], await FindAsync($"account_id={other}&prefix={secret[..14]}"));
        Assert.Contains(id, await FindAsync($"account_id={account}"));

        // A prefix is text, not a pattern.
        Assert.Equal([], await FindAsync("prefix=mg_live%25"));
    }

    [Theory]
    [InlineData("account_id=abc")]
    [InlineData("account_id=99999999999999999999")]
    [InlineData("account_id=-1")]
    [InlineData("name=")]
    [InlineData("name=a&name=b")]
    [InlineData("prefix=a%00b")]
    [InlineData("limit=0")]
    public async Task Search_ByWhatCantBe_IsRefused(string query) =>
        Assert.Equal("invalid_request", (await gateway.Client.AdminAsync(HttpMethod.Get, $"admin/keys?{query}"))
            .Expect(HttpStatusCode.BadRequest)
            .GetProperty("code").GetString());

    [Fact]
    public async Task Search_ByAnybodyElse_IsRefused()
    {
        var (_, secret, _) = await gateway.NewKeyAsync(10, new { name = "curious" });

        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.Client.SendAsync(HttpMethod.Get, "admin/keys", null, null)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await gateway.Client.SendAsync(HttpMethod.Get, "admin/keys", secret, null)).Status);
    }

    private async Task<IReadOnlyList<long>> FindAsync(string query) =>
        [.. (await gateway.Client.AdminAsync(HttpMethod.Get, $"admin/keys?{query}")).ExpectSuccess().GetProperty("keys").EnumerateArray()
            .Select(key => key.GetProperty("id").GetInt64())];
}
