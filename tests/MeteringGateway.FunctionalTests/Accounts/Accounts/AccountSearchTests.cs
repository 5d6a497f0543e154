using System.Net;
using MeteringGateway.FunctionalTests.Accounts.Notices;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Accounts.Accounts;

/// <summary>An operator finds an account by whatever of it a customer has sent.</summary>
[Collection(NoticeTestGroup.Name)]
public sealed class AccountSearchTests(NoticeGateway gateway)
{
    [Fact]
    public async Task Search_ByAnythingThatIsOneAccounts_FindsItAlone()
    {
        var email = $"Ada.{Guid.NewGuid():N}@Example.com";
        var account = await gateway.Client.CreateAccountAsync(1_000, email);
        var key = await gateway.Client.CreateKeyAsync(account, new { name = "k" });
        var charged = (await gateway.Client.QueryAsync(key, new { surface = "search", kind = "one", count = 1 })).Expect(HttpStatusCode.OK)
            .GetProperty("request_id").GetString()!;
        var refused = (await gateway.Client.QueryAsync(key, new { surface = "search", kind = "one", count = 5_000 })).Json
            .GetProperty("request_id").GetString()!;
        var credit = (await gateway.Client.CreditAsync(account, 5)).GetProperty("id").ToString();

        foreach (var text in new[]
        {
            email, email.ToUpperInvariant(), email[..30], email[6..30], $"{account}", key[..14], key, charged, refused, $" {email} ",
        })
        {
            IReadOnlyList<long> found = [];
            await Eventually.TrueAsync(
                async () => (found = await FindAsync(text)).Contains(account), () => $"'{text}' found {string.Join(", ", found)}");
            Assert.True(found.Count == 1 || text == $"{account}", $"'{text}' found {string.Join(", ", found)}");
        }

        Assert.Contains(account, await FindAsync(credit.StartsWith("manual:", StringComparison.Ordinal) ? credit : "manual:" + credit));
    }

    [Theory]
    [InlineData("%")]
    [InlineData("a_a%@")]
    [InlineData("\\")]
    [InlineData("mg_live_%")]
    [InlineData("nobody has this")]
    [InlineData("99999999999999999999999999")]
    public async Task Search_OfWhatNobodyHas_FindsNobody(string text) => Assert.Empty(await FindAsync(text));

    [Fact]
    public async Task Search_OfMany_ComesInPages()
    {
        var tag = Guid.NewGuid().ToString("N")[..20];
        var accounts = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            accounts.Add(await gateway.Client.CreateAccountAsync(0, $"u{i}.{tag}@example.com"));
        }

        var page = (await gateway.Client.AdminAsync(HttpMethod.Get, $"admin/accounts?search={tag}&limit=2&offset=2")).ExpectSuccess();

        Assert.Equal(5, page.GetProperty("total").GetInt64());
        Assert.Equal(accounts[2..4], page.GetProperty("accounts").EnumerateArray().Select(one => one.GetProperty("id").GetInt64()));
    }

    [Fact]
    public async Task Search_BesideAnEmailOrEmpty_IsRefused()
    {
        Assert.Equal("invalid_request", (await gateway.Client.AdminAsync(HttpMethod.Get, "admin/accounts?search=a&email=b@c.de")).Code);
        Assert.Equal("invalid_request", (await gateway.Client.AdminAsync(HttpMethod.Get, "admin/accounts?search=")).Code);
    }

    private async Task<IReadOnlyList<long>> FindAsync(string text) =>
        [.. (await gateway.Client.AdminAsync(HttpMethod.Get, "admin/accounts?search=" + Uri.EscapeDataString(text))).ExpectSuccess()
            .GetProperty("accounts").EnumerateArray().Select(one => one.GetProperty("id").GetInt64())];
}
