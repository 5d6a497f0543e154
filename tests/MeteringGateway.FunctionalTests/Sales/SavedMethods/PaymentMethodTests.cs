using System.Net;
using System.Text.Json;
using MeteringGateway.FunctionalTests.Accounts.People;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Sales.Payments.Customers;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Sales.SavedMethods;

/// <summary><c>/api/me/payment-methods</c> from outside: an account's own, and nobody else's.</summary>
[Collection(PeopleTestGroup.Name)]
public sealed class PaymentMethodTests(PeopleGateway gateway)
{
    private const string Path = "api/me/payment-methods";

    [Fact]
    public async Task List_OfAnAccount_IsItsOwnTheDefaultFirst()
    {
        var (account, _, session) = await gateway.SignUpAsync();
        var (other, _, _) = await gateway.SignUpAsync();
        await SaveAsync(account, new MethodFacts("pm_first", "visa", "4242", 12, 2030));
        await SaveAsync(account, new MethodFacts("pm_second", "link", "", null, null));
        await SaveAsync(other, new MethodFacts("pm_others", "amex", "0005", 1, 2031));

        var answer = (await gateway.GetAsync(Path, session)).ExpectSuccess();

        Assert.Equal(
            [
                """{"id":"pm_first","channel":"stripe","brand":"visa","last4":"4242","exp_month":12,"exp_year":2030,"is_default":true}""",
                """{"id":"pm_second","channel":"stripe","brand":"link","last4":"","exp_month":null,"exp_year":null,"is_default":false}""",
            ],
            answer.GetProperty("payment_methods").EnumerateArray().Select(method => method.GetRawText()));
    }

    [Fact]
    public async Task MakeDefault_TwiceInARow_MovesItOnceAndLeavesOneTraceWithoutTheCard()
    {
        var (account, session) = await WithTwoAsync();

        for (var again = 0; again < 2; again++)
        {
            var answer = (await gateway.PatchAsync($"{Path}/pm_2", new { is_default = true }, session)).ExpectSuccess();
            Assert.Equal(("pm_2", true), (answer.GetProperty("id").GetString(), answer.GetProperty("is_default").GetBoolean()));
        }

        Assert.Equal(["pm_2:True", "pm_1:False"], await DefaultsAsync(session));
        Assert.Equal(
            $$"""account:{{account}} {"id": "pm_2", "channel": "stripe", "is_default": false} """
                + """{"id": "pm_2", "channel": "stripe", "is_default": true}""",
            await gateway.ScalarAsync<string>(
                "select string_agg(actor || ' ' || before || ' ' || after, '|') from audit where action = 'payment_method.default' and "
                    + "target = @target",
                new { target = $"account:{account}" }));
    }

    [Fact]
    public async Task MakeDefault_TwoAtOnce_LeavesOneDefault()
    {
        for (var round = 0; round < 10; round++)
        {
            var (_, session) = await WithTwoAsync();
            var answers = await Task.WhenAll(new[] { "pm_1", "pm_2", "pm_1", "pm_2" }
                .Select(id => gateway.PatchAsync($"{Path}/{id}", new { is_default = true }, session)));

            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
            Assert.Single(await DefaultsAsync(session), one => one.EndsWith("True", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("""{"is_default":false}""", "#/is_default", "must be true")]
    [InlineData("""{"is_default":"yes"}""", "#/is_default", "must be true or false")]
    [InlineData("{}", "#/is_default", "is required")]
    [InlineData("""{"is_default":true,"brand":"amex"}""", "#/brand", "is not a field of this call")]
    public async Task MakeDefault_WithAnythingElse_SaysWhatWouldBeRight(string body, string at, string detail)
    {
        var (_, session) = await WithTwoAsync();
        var answer = await gateway.PatchAsync($"{Path}/pm_2", JsonDocument.Parse(body).RootElement, session);
        var error = Assert.Single(answer.Json.GetProperty("errors").EnumerateArray());

        Assert.Equal((HttpStatusCode.BadRequest, at), (answer.Status, error.GetProperty("pointer").GetString()));
        Assert.StartsWith(detail, error.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(["pm_1:True", "pm_2:False"], await DefaultsAsync(session));
    }

    [Fact]
    public async Task Change_OfAnothersMethod_IsNotFoundAndChangesNothing()
    {
        var (_, session) = await WithTwoAsync();
        var (_, _, stranger) = await gateway.SignUpAsync();
        foreach (var id in new[] { "pm_1", "pm_2", "pm_nobodys", "%E2%82%AC" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await gateway.PatchAsync($"{Path}/{id}", new { is_default = true }, stranger)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await gateway.DeleteAsync($"{Path}/{id}", stranger)).Status);
        }

        Assert.Equal(["pm_1:True", "pm_2:False"], await DefaultsAsync(session));
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.GetAsync(Path, null)).Status);
    }

    [Fact]
    public async Task TestKey_HasNoneAndChangesNone()
    {
        var (account, session) = await WithTwoAsync();
        var key = await gateway.Client.CreateKeyAsync(account, new { name = "test", mode = "test" });

        Assert.Equal(0, (await gateway.GetAsync(Path, key)).ExpectSuccess().GetProperty("payment_methods").GetArrayLength());
        Assert.Equal("forbidden", (await gateway.PatchAsync($"{Path}/pm_2", new { is_default = true }, key)).Code);
        Assert.Equal("forbidden", (await gateway.DeleteAsync($"{Path}/pm_2", key)).Code);
        Assert.Equal(["pm_1:True", "pm_2:False"], await DefaultsAsync(session));
    }

    [Fact]
    public async Task Delete_WhileNobodyCanTellTheProvider_KeepsItAndSaysWhenToComeAgain()
    {
        var (_, session) = await WithTwoAsync();
        var answer = await gateway.DeleteAsync($"{Path}/pm_1", session);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "payments_disabled"), (answer.Status, answer.Code));
        Assert.Equal("30", answer.Headers["Retry-After"]);
        Assert.Equal(["pm_1:True", "pm_2:False"], await DefaultsAsync(session));
    }

    private async Task<(long Account, string Session)> WithTwoAsync()
    {
        var (account, _, session) = await gateway.SignUpAsync();
        await SaveAsync(account, new MethodFacts("pm_1", "visa", "4242", 12, 2030));
        await SaveAsync(account, new MethodFacts("pm_2", "mastercard", "4444", 1, 2031));
        return (account, session);
    }

    private async Task SaveAsync(long account, MethodFacts facts)
    {
        await using var connection = await gateway.Get<NpgsqlDataSource>().OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await PaymentMethods.SaveAsync(transaction, account, "stripe", facts, default);
        await transaction.CommitAsync();
    }

    private async Task<string[]> DefaultsAsync(string session) =>
    [
        .. (await gateway.GetAsync(Path, session)).ExpectSuccess().GetProperty("payment_methods").EnumerateArray()
            .Select(method => $"{method.GetProperty("id").GetString()}:{method.GetProperty("is_default").GetBoolean()}"),
    ];
}
