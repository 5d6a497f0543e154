using System.Net;
using System.Net.Http.Json;
using MeteringGateway.FunctionalTests.Accounts.Notices;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Accounts.Keys;

/// <summary>A request that makes a secret and comes again: it makes no other, and shows none.</summary>
[Collection(NoticeTestGroup.Name)]
public sealed class SentTwiceTests(NoticeGateway gateway)
{
    private const int Times = 5;

    [Fact]
    public async Task Rotate_OfOneSecretManyTimes_ReplacesItOnceAndKeepsItsOverlap()
    {
        var (_, first, id) = await gateway.NewKeyAsync(100, new { name = "rotated" });
        var path = $"admin/keys/{id}/rotate";
        var wanted = new { overlap_seconds = 600, prefix = await PrefixAsync(id) };

        var answers = await Task.WhenAll(
            Enumerable.Range(0, Times).Select(_ => gateway.Client.AdminAsync(HttpMethod.Post, path, wanted)));
        var later = await gateway.Client.AdminAsync(HttpMethod.Post, path, wanted);

        var rotated = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK).ExpectSuccess();
        var second = rotated.GetProperty("key").GetString()!;
        var prefix = rotated.GetProperty("prefix").GetString()!;
        Assert.All([.. answers.Where(answer => answer.Status != HttpStatusCode.OK), later], answer =>
        {
            Assert.Equal((HttpStatusCode.Conflict, "conflict"), (answer.Status, answer.Code));
            Assert.Contains(prefix, answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(second, answer.Text, StringComparison.Ordinal);
        });
        Assert.Equal(prefix, await PrefixAsync(id));
        await gateway.ChargeAsync(first, 1);
        await gateway.ChargeAsync(second, 1);

        // As it is now, and without saying which, it is rotated.
        (await gateway.Client.AdminAsync(HttpMethod.Post, path, new { prefix })).ExpectSuccess();
        var third = (await gateway.Client.AdminAsync(HttpMethod.Post, path)).ExpectSuccess().GetProperty("key").GetString()!;
        Assert.Equal("invalid_key", (await QueryAsync(second)).Code);
        await gateway.ChargeAsync(third, 1);
    }

    [Fact]
    public async Task Create_UnderOneIdempotencyKeyManyTimes_MakesOneKeyInItsAccount()
    {
        var session = await SessionAsync(await gateway.Client.CreateAccountAsync(100));
        var once = Guid.NewGuid().ToString("N");

        // What is refused uses nothing up.
        Assert.Equal("invalid_request", (await CreateAsync(session, new { mode = "live" }, once)).Code);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, Times).Select(_ => CreateAsync(session, new { name = "once" }, once)));
        var later = await CreateAsync(session, new { name = "another body" }, once);

        var made = Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created).Expect(HttpStatusCode.Created);
        var secret = made.GetProperty("key").GetString()!;
        Assert.All([.. answers.Where(answer => answer.Status != HttpStatusCode.Created), later], answer =>
        {
            Assert.Equal((HttpStatusCode.Conflict, "conflict"), (answer.Status, answer.Code));
            Assert.Contains($"key {made.GetProperty("id").GetInt64()} ", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, answer.Text, StringComparison.Ordinal);
        });
        Assert.Equal(1, await CountAsync(session));
        await gateway.ChargeAsync(secret, 1);

        // Another account's is another, and without one each request makes a key.
        var other = await SessionAsync(await gateway.Client.CreateAccountAsync());
        (await CreateAsync(other, new { name = "k" }, once)).Expect(HttpStatusCode.Created);
        (await CreateAsync(other, new { name = "k" })).Expect(HttpStatusCode.Created);
        (await CreateAsync(other, new { name = "k" })).Expect(HttpStatusCode.Created);
        Assert.Equal(3, await CountAsync(other));
    }

    [Theory]
    [InlineData("with a blank")]
    [InlineData("")]
    public async Task Create_UnderAWrongIdempotencyKey_IsRefused(string once)
    {
        var session = await SessionAsync(await gateway.Client.CreateAccountAsync());

        Assert.Equal("invalid_request", (await CreateAsync(session, new { name = "k" }, once)).Code);
        Assert.Equal(0, await CountAsync(session));
    }

    private async Task<string> PrefixAsync(long id) =>
        (await gateway.Client.AdminAsync(HttpMethod.Get, $"admin/keys/{id}")).ExpectSuccess().GetProperty("prefix").GetString()!;

    private async Task<string> SessionAsync(long account) =>
        (await gateway.Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/sessions")).ExpectSuccess()
            .GetProperty("session").GetString()!;

    private async Task<long> CountAsync(string session) =>
        (await gateway.Client.SendAsync(HttpMethod.Get, "api/me/keys", session, null)).ExpectSuccess().GetProperty("total").GetInt64();

    private Task<GatewayAnswer> QueryAsync(string key) => gateway.Client.QueryAsync(key, new { surface = "search", kind = "one" });

    private Task<GatewayAnswer> CreateAsync(string session, object body, string? once = null) => gateway.Client.SendAsync(
        HttpMethod.Post, "api/me/keys", session, JsonContent.Create(body), once is null ? [] : [("Idempotency-Key", once)]);
}
