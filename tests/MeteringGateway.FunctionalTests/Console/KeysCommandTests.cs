using System.CommandLine;
using System.Net;
using System.Text.Json;
using MeteringGateway.Console;
using MeteringGateway.FunctionalTests.Notices;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Console;

[Collection(NoticeTestGroup.Name)]
public sealed class KeysCommandTests : IDisposable
{
    private readonly NoticeGateway _gateway;
    private readonly TemporaryDirectory _directory = new();
    private readonly string _email = $"{Guid.NewGuid():N}@example.com";

    public KeysCommandTests(NoticeGateway gateway)
    {
        _gateway = gateway;
        File.WriteAllText(_directory.In("token"), GatewayProcess.AdminToken + "\n");
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Apply_TwiceWithChanges_IsIdempotentAndKeepsWhatIsNotMentioned()
    {
        var account = await _gateway.Client.CreateAccountAsync(100, _email);
        await _gateway.Client.CreateKeyAsync(account, new { name = "other" });
        var keys = """{"name": "ci [x]", "limits": [{"type": "RECURRING", "period": "DAILY", "limit": 30}], "surfaces": ["search"]}""";

        var dry = await RunAsync(Declare(keys, "\"low_balance_mark\": 10"), "--dry-run");
        var first = await RunAsync(Declare(keys, "\"low_balance_mark\": 10"), "--secrets-out", _directory.In("secrets"));
        var again = await RunAsync(Declare(keys, "\"low_balance_mark\": 10"));
        var changed = await RunAsync(Declare("""{"name": "ci [x]", "spending_limit": 7, "expires_at": "2999-01-01T00:00:00Z"}"""));

        Assert.Equal((3, 0, 0, 0), (dry.Code, first.Code, again.Code, changed.Code));
        Assert.Contains("ci [x]", dry.Output, StringComparison.Ordinal);
        Assert.Contains("DAILY 30", first.Output, StringComparison.Ordinal);
        Assert.Equal("Nothing to change.\n", again.Output);
        Assert.DoesNotContain("mg_live_", first.Output, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_directory.In("secrets")));
        }

        var secret = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(_directory.In("secrets"))).GetProperty("key").GetString()!;
        await _gateway.ChargeAsync(secret, 5);
        var views = await KeysAsync(account);
        Assert.Equal(["other", "ci [x]"], views.Select(key => key.GetProperty("name").GetString()));
        var limit = Assert.Single(views[1].GetProperty("limits").EnumerateArray());
        Assert.Equal(("FIXED", 7, 2), (limit.GetProperty("type").GetString(), limit.GetProperty("limit").GetInt32(), limit.GetProperty("remaining").GetInt32()));
        Assert.Equal("search", views[1].GetProperty("surfaces")[0].GetString());
    }

    [Fact]
    public async Task Apply_Prune_RevokesWhatIsNotMentioned()
    {
        var account = await _gateway.Client.CreateAccountAsync(100, _email);
        var key = await _gateway.Client.CreateKeyAsync(account, new { name = "old" });

        var pruned = await RunAsync(Declare("""{"name": "new"}"""), "--prune");

        Assert.Equal(0, pruned.Code);
        Assert.Contains("shown this once: mg_live_", pruned.Output, StringComparison.Ordinal);
        Assert.Equal("invalid_key", (await _gateway.Client.QueryAsync(key, new { surface = "search", kind = "one" })).Code);
    }

    [Fact]
    public async Task Apply_WrongFile_NamesEveryPlaceAndChangesNothing()
    {
        var account = await _gateway.Client.CreateAccountAsync(100, _email);

        var wrong = await RunAsync(Declare("""{"name": "good"}, {"name": "bad", "surfaces": ["nope"], "limit": 3}, {"mode": "mixed"}, {"name": "good"}"""));
        var unknown = await RunAsync($$"""{"accounts": [{"email": "{{_email}}", "keys": [{"name": "good"}]}, {"email": "nobody@example.com"}, {"account": {{account}}}]}""");

        Assert.Equal((1, 1), (wrong.Code, unknown.Code));
        Assert.Equal(
            ["#/accounts/0/keys/1/limit", "#/accounts/0/keys/1/surfaces/0", "#/accounts/0/keys/2/mode", "#/accounts/0/keys/2/name", "#/accounts/0/keys/3/name", "Nothing"],
            wrong.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.Contains("#/accounts/1 is about nobody@example.com, which there is not", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("#/accounts/2 is about the same account as #/accounts/0", unknown.Error, StringComparison.Ordinal);
        Assert.Empty(await KeysAsync(account));
    }

    [Fact]
    public async Task Limit_OneOfSeveral_LeavesTheOthersAndRevokeEndsTheKey()
    {
        var (_, secret, id) = await _gateway.NewKeyAsync(100, new { name = "k", limits = new object[] { new { type = "FIXED", limit = 50 }, new { type = "RECURRING", period = "DAILY", limit = 20 } } });

        var limited = await KeysAsync("limit", $"{id}", "--daily", "none", "--monthly", "40");
        var list = await KeysAsync("list");
        var revoked = await KeysAsync("revoke", $"{id}");

        Assert.Equal("k: FIXED 50, DAILY 20 → FIXED 50, MONTHLY 40\n", limited.Output);
        Assert.Contains("FIXED 0 of 50, MONTHLY 0 of 40", list.Output, StringComparison.Ordinal);
        Assert.Equal(0, revoked.Code);
        Assert.Equal("invalid_key", (await _gateway.Client.QueryAsync(secret, new { surface = "search", kind = "one" })).Code);
    }

    [Fact]
    public async Task Usage_Wrong_EndsWithItsOwnCode()
    {
        Assert.Equal(2, (await KeysAsync("limit", "1")).Code);
        Assert.Equal(2, (await KeysAsync("limit", "1", "--daily", "-3")).Code);
        Assert.Equal(1, (await KeysAsync("revoke", "999999")).Code);
        Assert.Equal(2, (await InvokeAsync("keys", "list", "--url", "nowhere", "--token-file", _directory.In("token"))).Code);
        Assert.Equal(2, (await InvokeAsync("keys", "list", "--token-file", _directory.In("none"))).Code);
        await File.WriteAllTextAsync(_directory.In("wrong"), "wrong");
        var refused = await InvokeAsync("keys", "list", "--url", _gateway.First.Address.ToString(), "--token-file", _directory.In("wrong"));
        Assert.Equal((1, "The gateway does not take this token for an operator's.\n"), (refused.Code, refused.Error));
    }

    private string Declare(string keys, string? more = null) =>
        $$"""{"accounts": [{"email": "{{_email}}", {{(more is null ? "" : more + ",")}} "keys": [{{keys}}]}]}""";

    private async Task<(int Code, string Output, string Error)> RunAsync(string declaration, params string[] options)
    {
        await File.WriteAllTextAsync(_directory.In("keys.json"), declaration);
        return await KeysAsync(["apply", _directory.In("keys.json"), .. options]);
    }

    private Task<(int Code, string Output, string Error)> KeysAsync(params string[] arguments) =>
        InvokeAsync(["keys", .. arguments, "--url", _gateway.First.Address.ToString(), "--token-file", _directory.In("token")]);

    private static async Task<(int Code, string Output, string Error)> InvokeAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var root = new RootCommand { KeysCommand.Build(TimeProvider.System) };
        var code = await root.Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }

    private async Task<IReadOnlyList<JsonElement>> KeysAsync(long account) =>
        [.. (await _gateway.Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{account}/keys")).Expect(HttpStatusCode.OK).GetProperty("keys").EnumerateArray()];
}
