using System.Net;

namespace MeteringGateway.FunctionalTests.Dialects;

/// <summary>What holds for all five: who is let in, and what wrong pages are answered with.</summary>
[Collection(DialectTestGroup.Name)]
public sealed class CredentialAndPagingTests(DialectGateway gateway)
{
    public static TheoryData<string, string, int> Calls => new()
    {
        { "GET", "api/me/dashboard", 401 }, { "POST", "api/me/purchases", 401 },
        { "GET", "v1/balance", 401 }, { "GET", "v1/usage", 401 },
        { "GET", "credits/balance", 401 }, { "GET", "credits/transactions", 401 }, { "GET", "orders", 401 }, { "GET", "orders/1", 401 },
        { "GET", "subscription/plans", 401 }, { "POST", "checkin", 401 }, { "POST", "coupons/redeem", 401 },
        { "POST", "payment/create-session", 401 }, { "POST", "subscription/portal", 401 },
        { "GET", "api/billing/balance", 401 }, { "GET", "api/billing/ledger", 401 }, { "GET", "api/billing/keys", 401 },
        { "POST", "api/credits/top-up", 403 }, { "GET", "api/credits/balance", 403 }, { "GET", "api/credits/ledger", 403 },
    };

    public static TheoryData<string, int> Lists => new()
    {
        { "credits/transactions", 100 }, { "orders", 100 }, { "api/billing/ledger", 100 }, { "api/credits/ledger", 200 },
        { "api/billing/keys", 100 },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_WithoutOrWithWrongCredentials_IsRefusedAsDocumented(string method, string path, int status)
    {
        (string, string)[][] wrong =
        [
            [], [("Authorization", "Bearer nonsense")], [("Authorization", "Basic dTpw")], [("X-Kendr-Session", "nonsense")],
            [("X-Session", "mgs_nonsense")],
            [("Authorization", "Bearer mg_live_0000000000000000000000000000000000000000000")],
        ];
        foreach (var headers in wrong)
        {
            var answer = await gateway.Client.SendAsync(new HttpMethod(method), path, null, null, headers);
            Assert.Equal(status, (int)answer.Status);
            Assert.Equal("application/problem+json", answer.Headers["Content-Type"]);
            Assert.Equal(status == 401, answer.Headers.ContainsKey("WWW-Authenticate"));
        }
    }

    [Fact]
    public async Task Call_WithARevokedKeyOrASuspendedAccount_IsRefused()
    {
        var customer = await gateway.NewCustomerAsync();
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("api/credits/balance", customer.Key)).Status);
        await gateway.Client.AdminAsync(HttpMethod.Patch, $"admin/accounts/{customer.Account}", new { status = "suspended" });
        Assert.Equal("account_suspended", (await gateway.GetAsync("api/credits/balance", customer.Key)).Code);
        Assert.Equal("account_suspended", (await gateway.GetAsync("v1/balance", customer.Session)).Code);
        await gateway.Client.AdminAsync(HttpMethod.Patch, $"admin/accounts/{customer.Account}", new { status = "active" });
        var keys = (await gateway.Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{customer.Account}/keys")).ExpectSuccess()
            .GetProperty("keys").EnumerateArray();
        foreach (var key in keys)
        {
            await gateway.Client.AdminAsync(HttpMethod.Delete, $"admin/keys/{key.GetProperty("id").GetInt64()}");
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await gateway.GetAsync("api/credits/balance", customer.Key)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.GetAsync("api/billing/balance", customer.TestKey)).Status);
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task List_WithWrongPages_Is400AndNamesTheParameter(string path, int most)
    {
        var customer = await gateway.NewCustomerAsync(3);
        foreach (var wrong in new[]
        {
            "limit=0", "limit=-1", $"limit={most + 1}", "limit=abc", "limit=", "limit=1.5", "limit=5&limit=6", "limit=99999999999999999999",
            "limit=%00", "offset=-1", "offset=x", "offset=9223372036854775808",
        })
        {
            var answer = await gateway.GetAsync($"{path}?{wrong}", customer.Session);
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Code));
            Assert.Equal(
                wrong[..wrong.IndexOf('=', StringComparison.Ordinal)],
                answer.Json.GetProperty("errors")[0].GetProperty("parameter").GetString());
        }

        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync($"{path}?limit={most}&offset=0", customer.Session)).Status);
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync($"{path}?limit=1&offset=2147483647", customer.Session)).Status);
    }

    [Fact]
    public async Task Error_InBillingOnAnUnknownMethod_IsNeverA500()
    {
        var customer = await gateway.NewCustomerAsync();
        Assert.Equal(
            HttpStatusCode.MethodNotAllowed, (await gateway.Client.SendAsync(HttpMethod.Delete, "orders", customer.Session, null)).Status);
    }
}
