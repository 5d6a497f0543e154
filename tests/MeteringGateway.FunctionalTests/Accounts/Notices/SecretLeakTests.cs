using System.Net;
using System.Net.Http.Json;
using System.Text;
using Npgsql;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Accounts.Notices;

/// <summary>A secret is shown once. After that it is nowhere: not in a table, not in Redis, not in a log, a metric or an answer.</summary>
[Collection(NoticeTestGroup.Name)]
public sealed class SecretLeakTests(NoticeGateway gateway)
{
    [Fact]
    public async Task Secrets_AfterTheirOneAnswer_AreNowhere()
    {
        var (account, key, keyId) = await gateway.NewKeyAsync(100, new { name = "k", spending_limit = 10 });
        var session = (await gateway.Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/sessions")).ExpectSuccess()
            .GetProperty("session").GetString()!;
        var webhook = (await gateway.Client.SendAsync(
            HttpMethod.Put, "api/me/webhook", session, JsonContent.Create(new { url = "http://127.0.0.1:9/" })))
            .Expect(HttpStatusCode.OK).GetProperty("secret").GetString()!;
        await gateway.ChargeAsync(key, 10);
        await gateway.EventsAsync(account, 3);
        var rotated = (await gateway.Client.AdminAsync(HttpMethod.Post, $"admin/keys/{keyId}/rotate")).ExpectSuccess()
            .GetProperty("key").GetString()!;
        Assert.Equal("invalid_key", (await gateway.Client.QueryAsync(key, new { surface = "search" })).Code);

        var everything = new StringBuilder().Append(gateway.First.Log).Append(gateway.Second.Log);
        foreach (var path in new[]
        {
            "metrics", "admin/audit?limit=200", $"admin/accounts/{account}/keys", $"admin/accounts/{account}/webhook",
            $"admin/events?account_id={account}",
        })
        {
            everything.Append((await gateway.Client.AdminAsync(HttpMethod.Get, path)).Text);
        }

        everything.Append((await gateway.Client.SendAsync(HttpMethod.Get, "api/v1/key", rotated, null)).Text);
        await AppendTablesAsync(everything);
        await AppendRedisAsync(everything);

        var text = everything.ToString();
        Assert.Contains(rotated[..14], text, StringComparison.Ordinal);
        Assert.All([key, rotated, session, webhook], secret =>
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret)), text, StringComparison.Ordinal);
        });
    }

    private async Task AppendTablesAsync(StringBuilder everything)
    {
        await using var database = NpgsqlDataSource.Create(gateway.Stores.PostgresConnection);
        await using var list = database.CreateCommand("select string_agg(format('select coalesce(string_agg(t::text, chr(10)), "
            + "'''') from %I t', tablename), ' union all ') from pg_tables where schemaname = 'public'");
        await using var all = database.CreateCommand((string)(await list.ExecuteScalarAsync())!);
        await using var rows = await all.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            everything.Append(rows.GetString(0));
        }
    }

    private async Task AppendRedisAsync(StringBuilder everything)
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(gateway.Stores.RedisConnection + ",allowAdmin=true");
        foreach (var key in redis.GetServer(redis.GetEndPoints()[0]).Keys())
        {
            everything.Append(key).Append(Encoding.Latin1.GetString((await redis.GetDatabase().KeyDumpAsync(key))!));
        }
    }
}
