using System.Net;
using System.Text.Json;
using Dapper;
using MeteringGateway.Cli;
using MeteringGateway.FunctionalTests.Accounts.Notices;
using MeteringGateway.Testing;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Accounts.Operators;

/// <summary>Named operators on two gateways: who is let in to what, and what the audit trail says of it.</summary>
[Collection(NoticeTestGroup.Name)]
public sealed class OperatorTests(NoticeGateway gateways) : IDisposable
{
    private readonly TemporaryDirectory _files = new();
    private readonly string _name = $"ada-{Guid.NewGuid():N}";

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Token_OfANamedOperator_WorksEverywhereAndTheAuditNamesIt()
    {
        var made = await CreateAsync("full");
        var token = made.GetProperty("token").GetString()!;
        Assert.StartsWith("mgo_", token, StringComparison.Ordinal);

        var person = new { email = $"{_name}@example.com", full_name = "Test", kind = "personal" };
        var account = (await AsAsync(gateways.Second, token, HttpMethod.Post, "admin/accounts", person))
            .Expect(HttpStatusCode.Created).GetProperty("id").GetInt64();
        var second = new { name = _name + ".2", access = "read_only" };
        var inner = (await AsAsync(gateways.First, token, HttpMethod.Post, "admin/operators", second))
            .Expect(HttpStatusCode.Created).GetProperty("id").GetInt64();

        Assert.Equal($"operator:{_name} account.created", await LastAuditAsync($"account:{account}"));
        Assert.Equal($"operator:{_name} operator.created", await LastAuditAsync($"operator:{inner}"));
        Assert.Equal("operator operator.created", await LastAuditAsync($"operator:{made.GetProperty("id").GetInt64()}"));
        var shown = await ShownAsync(made);
        Assert.False(shown.TryGetProperty("token", out _));
        Assert.Equal(("active", "full", token[..10]), (Text(shown, "status"), Text(shown, "access"), Text(shown, "prefix")));
        Assert.NotNull(Text(shown, "last_used_at"));

        // Nothing that PostgreSQL has could be used as a token.
        await using var books = new NpgsqlConnection(gateways.Stores.PostgresConnection);
        Assert.Equal(0, await books.QuerySingleAsync<int>(
            "select (select count(*) from audit a where a::text like @like) + (select count(*) from operators o where o::text like @like)",
            new { like = $"%{token[10..]}%" }));
    }

    [Fact]
    public async Task ReadOnlyToken_OnEveryOperation_LooksAtAllAndChangesNothing()
    {
        var token = (await CreateAsync("read_only")).GetProperty("token").GetString()!;
        var document = (await gateways.Client.SendAsync(HttpMethod.Get, "openapi/v1.json", null, null)).Expect(HttpStatusCode.OK);
        var (looks, changes) = (0, 0);
        var operations =
            from path in document.GetProperty("paths").EnumerateObject()
            where path.Name.StartsWith("/admin/", StringComparison.Ordinal)
            from operation in path.Value.EnumerateObject()
            where operation.Name != "parameters"
            select (Method: HttpMethod.Parse(operation.Name), Path: path.Name);
        foreach (var (method, path) in operations)
        {
            var url = string.Join('/', path.Split('/').Select(part => part.StartsWith('{') ? "1" : part)).TrimStart('/');
            var answer = await AsAsync(gateways.First, token, method, url, method == HttpMethod.Get ? null : new { });
            if (method == HttpMethod.Get)
            {
                looks++;
                Assert.True((int)answer.Status is 200 or 400 or 404, $"{method} {path}: {answer.Text}");
            }
            else
            {
                changes++;
                Assert.True((answer.Status, answer.Code) == (HttpStatusCode.Forbidden, "forbidden"), $"{method} {path}: {answer.Text}");
            }
        }

        Assert.True(looks > 15 && changes > 20, $"{looks} looks and {changes} changes were tried.");
        await using var books = new NpgsqlConnection(gateways.Stores.PostgresConnection);
        Assert.Equal(
            0, await books.QuerySingleAsync<int>("select count(*) from audit where actor = @actor", new { actor = "operator:" + _name }));
    }

    [Fact]
    public async Task Rotate_OfOneTokenManyTimes_ReplacesItOnceAndKeepsItsOverlap()
    {
        var made = await CreateAsync("full");
        var (path, first) = ($"admin/operators/{made.GetProperty("id").GetInt64()}/rotate", Text(made, "token")!);
        var wanted = new { overlap_seconds = 600, prefix = Text(made, "prefix") };

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => gateways.Client.AdminAsync(HttpMethod.Post, path, wanted)));
        var later = await gateways.Client.AdminAsync(HttpMethod.Post, path, wanted);

        var rotated = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK).ExpectSuccess();
        var second = Text(rotated, "token")!;
        var end = rotated.GetProperty("previous_token_until").GetDateTimeOffset().UtcDateTime;
        Assert.All([.. answers.Where(answer => answer.Status != HttpStatusCode.OK), later], answer =>
        {
            Assert.Equal("conflict", answer.Code);
            Assert.Contains(Text(rotated, "prefix")!, answer.Text, StringComparison.Ordinal);
            Assert.Contains($"until {end:yyyy-MM-ddTHH:mm:ss}Z, and that rotation ends it", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(second, answer.Text, StringComparison.Ordinal);
        });
        Assert.True(await WorksAsync(first));
        Assert.True(await WorksAsync(second));
    }

    [Fact]
    public async Task Token_OfNobody_IsRefusedOnEveryGatewayFromTheNextRequestOn()
    {
        var made = await CreateAsync("full");
        var (id, token) = (made.GetProperty("id").GetInt64(), made.GetProperty("token").GetString()!);
        var (_, key, _) = await gateways.NewKeyAsync(1, new { name = "not an operator" });
        var account = await gateways.Client.CreateAccountAsync();
        var session = (await gateways.Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/sessions")).ExpectSuccess()
            .GetProperty("session").GetString()!;
        foreach (var stranger in new[] { key, session })
        {
            Assert.Equal("forbidden", (await AsAsync(gateways.First, stranger, HttpMethod.Get, "admin/operators")).Code);
            var wanted = new { name = "x", access = "full" };
            Assert.Equal("forbidden", (await AsAsync(gateways.First, stranger, HttpMethod.Post, "admin/operators", wanted)).Code);
        }

        // One sign of the checksum is wrong.
        var mistyped = token[..^1] + (token[^1] == '0' ? '1' : '0');
        Assert.Equal("invalid_key", (await AsAsync(gateways.First, mistyped, HttpMethod.Get, "admin/operators")).Code);
        await using var books = new NpgsqlConnection(gateways.Stores.PostgresConnection);
        await books.ExecuteAsync("update operators set expires_at = now() - interval '1 second' where id = @id", new { id });
        Assert.Equal("invalid_key", (await AsAsync(gateways.First, token, HttpMethod.Get, "admin/operators")).Code);
        Assert.Equal("expired", Text(await ShownAsync(made), "status"));
        await books.ExecuteAsync("update operators set expires_at = null where id = @id", new { id });

        foreach (var gateway in new[] { gateways.First, gateways.Second })
        {
            Assert.Equal(HttpStatusCode.OK, (await AsAsync(gateway, token, HttpMethod.Get, "admin/operators")).Status);
        }

        Assert.Equal(HttpStatusCode.NoContent, (await AsAsync(gateways.Second, token, HttpMethod.Delete, $"admin/operators/{id}")).Status);
        foreach (var gateway in new[] { gateways.First, gateways.Second })
        {
            Assert.Equal("invalid_key", (await AsAsync(gateway, token, HttpMethod.Get, "admin/operators")).Code);
        }

        Assert.Equal($"operator:{_name} operator.revoked", await LastAuditAsync($"operator:{id}"));
        Assert.Equal("conflict", (await gateways.Client.AdminAsync(HttpMethod.Post, $"admin/operators/{id}/rotate")).Code);
        Assert.Equal("not_found", (await gateways.Client.AdminAsync(HttpMethod.Delete, "admin/operators/999999")).Code);

        // The name is free again, for another person with another number.
        Assert.NotEqual(id, (await CreateAsync("read_only")).GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task Rotation_WithAndWithoutAnOverlap_EndsTheOldTokenWhenItSaysSo()
    {
        var made = await CreateAsync("full");
        var (path, first) = ($"admin/operators/{made.GetProperty("id").GetInt64()}", made.GetProperty("token").GetString()!);

        var second = (await AsAsync(gateways.First, first, HttpMethod.Post, path + "/rotate", new { overlap_seconds = 3600 }))
            .Expect(HttpStatusCode.OK).GetProperty("token").GetString()!;
        Assert.Equal((true, true), (await WorksAsync(first), await WorksAsync(second)));

        // One at most is on its way out.
        var third = (await AsAsync(gateways.Second, second, HttpMethod.Post, path + "/rotate", new { overlap_seconds = 3600 }))
            .Expect(HttpStatusCode.OK).GetProperty("token").GetString()!;
        Assert.Equal((false, true, true), (await WorksAsync(first), await WorksAsync(second), await WorksAsync(third)));

        var rotated = (await gateways.Client.AdminAsync(HttpMethod.Post, path + "/rotate", new { expires_at = "2999-01-01T00:00:00Z" }))
            .Expect(HttpStatusCode.OK);
        Assert.Equal(
            (false, false, true),
            (await WorksAsync(second), await WorksAsync(third), await WorksAsync(rotated.GetProperty("token").GetString()!)));
        Assert.Equal(2999, rotated.GetProperty("expires_at").GetDateTimeOffset().Year);
    }

    [Fact]
    public async Task TwoAtOnce_OfOneNameOrOneOperator_LeaveOneThatHolds()
    {
        var both = await Task.WhenAll(
            gateways.First.Client.AdminAsync(HttpMethod.Post, "admin/operators", new { name = _name, access = "full" }),
            gateways.Second.Client.AdminAsync(
                HttpMethod.Post, "admin/operators", new { name = _name.ToUpperInvariant(), access = "full" }));
        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Conflict], both.Select(answer => answer.Status).Order());
        var id = both.Single(answer => answer.Status == HttpStatusCode.Created).Json.GetProperty("id").GetInt64();

        var rotated = await Task.WhenAll(new[] { gateways.First, gateways.Second, gateways.First }.Select(gateway =>
            gateway.Client.AdminAsync(HttpMethod.Post, $"admin/operators/{id}/rotate")));
        var work = await Task.WhenAll(rotated.Select(answer =>
            WorksAsync(answer.Expect(HttpStatusCode.OK).GetProperty("token").GetString()!)));
        Assert.Single(work, true);
    }

    [Theory]
    [InlineData("""{"access":"full"}""", "#/name")]
    [InlineData("""{"name":"a b","access":"full"}""", "#/name")]
    [InlineData("""{"name":"adä","access":"full"}""", "#/name")]
    [InlineData("""{"name":"ada"}""", "#/access")]
    [InlineData("""{"name":"ada","access":"root"}""", "#/access")]
    [InlineData("""{"name":"ada","access":"full","expires_at":"2001-01-01T00:00:00Z"}""", "#/expires_at")]
    [InlineData("""{"name":"ada","access":"full","token":"mgo_mine"}""", "#/token")]
    public async Task Operator_ThatCantBe_IsRefusedWithItsField(string body, string field)
    {
        var answer = await gateways.Client.AdminAsync(HttpMethod.Post, "admin/operators", JsonSerializer.Deserialize<JsonElement>(body));

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Code));
        Assert.Equal(field, answer.Json.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task Verbs_OfTheCommand_MakeRotateAndRevoke()
    {
        await File.WriteAllTextAsync(_files.In("token"), GatewayProcess.AdminToken);
        var created = await MgAsync("token", "create", _name, "--access", "read-only");
        var token = created.Output.Trim().Split(' ')[^1];
        await File.WriteAllTextAsync(_files.In("own"), token);

        var listed = await MgAsync("own", "list");
        var refused = await MgAsync("own", "rotate", _name);
        var rotated = await MgAsync("token", "rotate", _name, "--overlap", "60");
        var revoked = await MgAsync("token", "revoke", _name);
        var ended = await MgAsync("own", "list");
        var unknown = await MgAsync("token", "revoke", _name);

        Assert.Equal((0, 0, 1, 0, 0, 1, 1),
            (created.Code, listed.Code, refused.Code, rotated.Code, revoked.Code, ended.Code, unknown.Code));
        Assert.Contains($"({_name}, read_only), shown this once: mgo_", created.Output, StringComparison.Ordinal);
        Assert.Contains("read_only", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(token, listed.Output, StringComparison.Ordinal);
        Assert.Contains("change nothing (access read_only)", refused.Error, StringComparison.Ordinal);
        Assert.Equal($"There is no operator {_name}. 'operators list' shows them.\n", unknown.Error);
        Assert.Equal(2, (await MgAsync("token", "create", _name, "--access", "root")).Code);
    }

    private async Task<JsonElement> CreateAsync(string access) =>
        (await gateways.Client.AdminAsync(HttpMethod.Post, "admin/operators", new { name = _name, access })).Expect(HttpStatusCode.Created);

    private static Task<GatewayAnswer> AsAsync(GatewayProcess gateway, string token, HttpMethod method, string path, object? body = null) =>
        gateway.Client.SendAsync(method, path, token, body is null ? null : System.Net.Http.Json.JsonContent.Create(body));

    private async Task<bool> WorksAsync(string token) =>
        (await AsAsync(gateways.Second, token, HttpMethod.Get, "admin/operators?limit=1")).Status == HttpStatusCode.OK;

    /// <summary>As the list has it, whatever stands before it there.</summary>
    private async Task<JsonElement> ShownAsync(JsonElement made)
    {
        var total = (await gateways.Client.AdminAsync(HttpMethod.Get, "admin/operators?limit=1")).ExpectSuccess().GetProperty("total");
        var path = $"admin/operators?limit=200&offset={Math.Max(0, total.GetInt64() - 200)}";
        var page = (await gateways.Client.AdminAsync(HttpMethod.Get, path)).ExpectSuccess();
        return page.GetProperty("operators").EnumerateArray()
            .Single(one => one.GetProperty("id").GetInt64() == made.GetProperty("id").GetInt64());
    }

    private async Task<string?> LastAuditAsync(string target)
    {
        await using var books = new NpgsqlConnection(gateways.Stores.PostgresConnection);
        return await books.QuerySingleOrDefaultAsync<string>(
            "select actor || ' ' || action from audit where target = @target order by id desc limit 1", new { target });
    }

    private static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();

    private async Task<(int Code, string Output, string Error)> MgAsync(string tokenFile, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(
            ["operators", .. arguments, "--url", gateways.First.Address.ToString(), "--token-file", _files.In(tokenFile)], output, error);
        return (code, output.ToString(), error.ToString());
    }
}
