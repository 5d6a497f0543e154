using System.Net;
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
        var end = rotated.GetProperty("previous_secret_until").GetDateTimeOffset().UtcDateTime;
        Assert.All([.. answers.Where(answer => answer.Status != HttpStatusCode.OK), later], answer =>
        {
            Assert.Equal((HttpStatusCode.Conflict, "conflict"), (answer.Status, answer.Code));
            Assert.Contains(prefix, answer.Text, StringComparison.Ordinal);
            Assert.Contains($"until {end:yyyy-MM-ddTHH:mm:ss}Z, and that rotation ends it", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(second, answer.Text, StringComparison.Ordinal);
        });
        Assert.Equal(prefix, await PrefixAsync(id));
        await gateway.ChargeAsync(first, 1);
        await gateway.ChargeAsync(second, 1);

        // As it is now, and without saying which, it is rotated; of the overlaps that is the end.
        (await gateway.Client.AdminAsync(HttpMethod.Post, path, new { overlap_seconds = 600, prefix })).ExpectSuccess();
        Assert.Equal("invalid_key", (await QueryAsync(first)).Code);
        await gateway.ChargeAsync(second, 1);
        var third = (await gateway.Client.AdminAsync(HttpMethod.Post, path)).ExpectSuccess().GetProperty("key").GetString()!;
        Assert.Equal("invalid_key", (await QueryAsync(second)).Code);
        var last = await gateway.Client.AdminAsync(HttpMethod.Post, path, wanted);
        Assert.Contains("No secret before it works any more", last.Text, StringComparison.Ordinal);
        await gateway.ChargeAsync(third, 1);
    }

    private async Task<string> PrefixAsync(long id) =>
        (await gateway.Client.AdminAsync(HttpMethod.Get, $"admin/keys/{id}")).ExpectSuccess().GetProperty("prefix").GetString()!;

    private Task<GatewayAnswer> QueryAsync(string key) => gateway.Client.QueryAsync(key, new { surface = "search", kind = "one" });
}
