using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Accounts.Notices;

[Collection(NoticeTestGroup.Name)]
public sealed class WebhookTests(NoticeGateway gateway)
{
    [Fact]
    public async Task Crossing_WithAWebhook_ArrivesSignedAndOnceFromTwoGateways()
    {
        await using var receiver = FakeProvider.Start();
        var (account, key, _) = await gateway.NewKeyAsync(1_000, new { name = "k", spending_limit = 10 });
        var secret = await SetWebhookAsync(account, receiver.Address + "/hook");

        await gateway.ChargeAsync(key, 10);
        var events = await gateway.EventsAsync(account, 3);
        await receiver.AwaitCountAsync(3);

        Assert.Equal(
            events.Select(Id).Order(),
            receiver.Requests.Select(request => long.Parse(request.Header("X-Metering-Event")!, CultureInfo.InvariantCulture)).Order());
        Assert.All(receiver.Requests, request =>
        {
            var timestamp = request.Header("X-Metering-Timestamp");
            var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{timestamp}.{request.Text}"));
            Assert.Equal("sha256=" + Convert.ToHexStringLower(expected), request.Header("X-Metering-Signature"));
            Assert.Equal(account, JsonSerializer.Deserialize<JsonElement>(request.Text).GetProperty("account_id").GetInt64());
        });
    }

    [Fact]
    public async Task Receiver_FailsAllAttempts_LeavesADeadLetterThatCanBeSentAgain()
    {
        await using var receiver = FakeProvider.Start(FakeReply.Json("{}") with { Status = 500 });
        var (account, key, _) = await gateway.NewKeyAsync(1_000, new { name = "k", spending_limit = 100 });
        await SetWebhookAsync(account, receiver.Address);
        await gateway.ChargeAsync(key, 50);

        var dead = await DeadLetterAsync(account);
        Assert.Equal(3, receiver.Count);
        Assert.Equal("The receiver answered 500.", dead.GetProperty("delivery").GetProperty("last_error").GetString());

        receiver.Script = _ => FakeReply.Json("{}");
        Assert.Equal(
            HttpStatusCode.Accepted,
            (await gateway.Client.AdminAsync(HttpMethod.Post, $"admin/events/dead-letters/{Id(dead)}/redeliver")).Status);
        await receiver.AwaitCountAsync(4);
        await Eventually.TrueAsync(async () => await DeliveryAsync(account) == "delivered", () => "not delivered");
        Assert.Equal(
            "not_found", (await gateway.Client.AdminAsync(HttpMethod.Post, $"admin/events/dead-letters/{Id(dead)}/redeliver")).Code);
    }

    [Fact]
    public async Task Receiver_Redirects_IsNotFollowed()
    {
        await using var elsewhere = FakeProvider.Start();
        await using var receiver = FakeProvider.Start(
            FakeReply.Json("{}") with { Status = 302, Headers = [("Location", elsewhere.Address)] });
        var (account, key, _) = await gateway.NewKeyAsync(1_000, new { name = "k", spending_limit = 100 });
        await SetWebhookAsync(account, receiver.Address);
        await gateway.ChargeAsync(key, 50);

        await DeadLetterAsync(account);

        Assert.Equal(0, elsewhere.Count);
    }

    [Fact]
    public async Task Put_OfAWebhookThatHasBeenChangedSince_ChangesNothing()
    {
        var account = await gateway.Client.CreateAccountAsync();
        var path = $"admin/accounts/{account}/webhook";
        await SetWebhookAsync(account, "http://127.0.0.1:9/a");
        var shown = (await gateway.Client.AdminAsync(HttpMethod.Get, path)).ExpectSuccess().GetProperty("updated_at").GetString();
        var wanted = new { url = "http://127.0.0.1:9/b", rotate_secret = true, updated_at = shown };

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => gateway.Client.AdminAsync(HttpMethod.Put, path, wanted)));
        var later = await gateway.Client.AdminAsync(HttpMethod.Put, path, wanted);

        var rotated = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK).ExpectSuccess();
        Assert.StartsWith("whsec_", rotated.GetProperty("secret").GetString(), StringComparison.Ordinal);
        Assert.All([.. answers.Where(answer => answer.Status != HttpStatusCode.OK), later], answer =>
        {
            Assert.Equal("conflict", answer.Code);
            Assert.DoesNotContain("whsec_", answer.Text, StringComparison.Ordinal);
        });
        Assert.Equal(
            rotated.GetProperty("updated_at").GetString(),
            (await gateway.Client.AdminAsync(HttpMethod.Get, path)).ExpectSuccess().GetProperty("updated_at").GetString());

        // What was removed since is not made anew.
        Assert.Equal(HttpStatusCode.NoContent, (await gateway.Client.AdminAsync(HttpMethod.Delete, path)).Status);
        Assert.Equal("conflict", (await gateway.Client.AdminAsync(HttpMethod.Put, path, wanted)).Code);
        Assert.Equal("not_found", (await gateway.Client.AdminAsync(HttpMethod.Get, path)).Code);
    }

    [Fact]
    public async Task Put_OfAWebhookThatIsBeingRemoved_MakesNone()
    {
        var account = await gateway.Client.CreateAccountAsync();
        var path = $"admin/accounts/{account}/webhook";
        await SetWebhookAsync(account, "http://127.0.0.1:9/a");
        var shown = (await gateway.Client.AdminAsync(HttpMethod.Get, path)).ExpectSuccess().GetProperty("updated_at").GetString();
        await using var removal = await HeldTransaction.BeginAsync(
            gateway.Stores.PostgresConnection, "delete from webhooks where account_id = @account", new { account });

        var put = gateway.Client.AdminAsync(HttpMethod.Put, path, new { url = "http://127.0.0.1:9/b", updated_at = shown });
        await removal.AwaitWaitersAsync(1, put);
        await removal.CommitAsync();

        Assert.Equal("conflict", (await put).Code);
        Assert.Equal("not_found", (await gateway.Client.AdminAsync(HttpMethod.Get, path)).Code);
    }

    [Fact]
    public async Task Secret_IsShownOnceKeptByANewUrlAndReplacedOnDemand()
    {
        var account = await gateway.Client.CreateAccountAsync();
        var path = $"admin/accounts/{account}/webhook";
        var first = await SetWebhookAsync(account, "http://127.0.0.1:9/a");
        var moved = (await gateway.Client.AdminAsync(HttpMethod.Put, path, new { url = "http://127.0.0.1:9/b" })).ExpectSuccess();
        var read = (await gateway.Client.AdminAsync(HttpMethod.Get, path)).ExpectSuccess();
        var rotated = (await gateway.Client.AdminAsync(HttpMethod.Put, path, new { url = "http://127.0.0.1:9/b", rotate_secret = true }))
            .ExpectSuccess();

        Assert.False(moved.TryGetProperty("secret", out _));
        Assert.False(read.TryGetProperty("secret", out _));
        Assert.NotEqual(first, rotated.GetProperty("secret").GetString());
        var audit = (await gateway.Client.AdminAsync(HttpMethod.Get, "admin/audit")).Text;
        Assert.Contains("webhook.set", audit, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_", audit + gateway.First.Log + gateway.Second.Log, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await gateway.Client.AdminAsync(HttpMethod.Delete, path)).Status);
        Assert.Equal("not_found", (await gateway.Client.AdminAsync(HttpMethod.Get, path)).Code);
    }

    private async Task<string> SetWebhookAsync(long account, string url) =>
        (await gateway.Client.AdminAsync(HttpMethod.Put, $"admin/accounts/{account}/webhook", new { url })).ExpectSuccess()
            .GetProperty("secret").GetString()!;

    private async Task<JsonElement> DeadLetterAsync(long account)
    {
        JsonElement? dead = null;
        await Eventually.TrueAsync(
            async () =>
            {
                var page = (await gateway.Client.AdminAsync(HttpMethod.Get, $"admin/events/dead-letters?account_id={account}"))
                    .ExpectSuccess();
                dead = page.GetProperty("events").EnumerateArray().Select(notice => (JsonElement?)notice).SingleOrDefault();
                return dead is not null;
            },
            () => "no dead letter");
        return dead!.Value;
    }

    private async Task<string?> DeliveryAsync(long account) =>
        Assert.Single(await gateway.EventsAsync(account, 1)).GetProperty("delivery").GetProperty("status").GetString();

    private static long Id(JsonElement notice) => notice.GetProperty("id").GetInt64();
}
