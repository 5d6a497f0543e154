using System.Net;
using System.Text.Json;
using MeteringGateway.Cli;
using MeteringGateway.FunctionalTests.Accounts.Notices;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Cli;

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

        var secret = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(_directory.In("secrets")))
            .GetProperty("key").GetString()!;
        await _gateway.ChargeAsync(secret, 5);
        var views = await KeysAsync(account);
        Assert.Equal(["other", "ci [x]"], views.Select(key => key.GetProperty("name").GetString()));
        var limit = Assert.Single(views[1].GetProperty("limits").EnumerateArray());
        Assert.Equal(
            ("FIXED", 7, 2),
            (limit.GetProperty("type").GetString(), limit.GetProperty("limit").GetInt32(), limit.GetProperty("remaining").GetInt32()));
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

        var wrong = await RunAsync(
            Declare("""{"name": "good"}, {"name": "bad", "surfaces": ["nope"], "limit": 3}, {"mode": "mixed"}, {"name": "good"}"""));
        var unknown = await RunAsync(
            $$"""{"accounts": [{"email": "{{_email}}", "keys": [{"name": "good"}]}, {"email": "nobody@example.com"}, {"account": {{account}}}]}""");

        Assert.Equal((1, 1), (wrong.Code, unknown.Code));
        Assert.Equal(
            [
                "#/accounts/0/keys/1/limit", "#/accounts/0/keys/1/surfaces/0", "#/accounts/0/keys/2/mode", "#/accounts/0/keys/2/name",
                "#/accounts/0/keys/3/name", "Nothing"],
            wrong.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0])
                .Order(StringComparer.Ordinal));
        Assert.Contains("#/accounts/1 is about nobody@example.com, which there is not", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("#/accounts/2 is about the same account as #/accounts/0", unknown.Error, StringComparison.Ordinal);
        Assert.Empty(await KeysAsync(account));
    }

    [Fact]
    public async Task Limit_OneOfSeveral_LeavesTheOthersAndRevokeEndsTheKey()
    {
        var (_, secret, id) = await _gateway.NewKeyAsync(100, new
        {
            name = "k",
            limits = new object[] { new { type = "FIXED", limit = 50 }, new { type = "RECURRING", period = "DAILY", limit = 20 } },
        });

        var limited = await KeysAsync("limit", $"{id}", "--daily", "none", "--monthly", "40");
        var list = await KeysAsync("list");
        var revoked = await KeysAsync("revoke", $"{id}");

        Assert.Equal("k: FIXED 50, DAILY 20 → FIXED 50, MONTHLY 40\n", limited.Output);
        Assert.Contains("FIXED 0 of 50, MONTHLY 0 of 40", list.Output, StringComparison.Ordinal);
        Assert.Equal(0, revoked.Code);
        Assert.Equal("invalid_key", (await _gateway.Client.QueryAsync(secret, new { surface = "search", kind = "one" })).Code);
    }

    [Fact]
    public async Task Key_ByNameAndByPrefix_IsTheSameAsByNumber()
    {
        var name = $"ci {Guid.NewGuid():N}";
        var (account, secret, id) = await _gateway.NewKeyAsync(100, new { name });
        var prefix = secret[..14];

        var byName = await KeysAsync("limit", name, "--daily", "5");
        var byPrefix = await KeysAsync("limit", prefix, "--daily", "6");
        var bySecret = await KeysAsync("show", secret, "--json");
        var unknown = await KeysAsync("show", "no such key");
        var ofAnother = await KeysAsync("show", $"{id}", "--account", "1000000");
        await _gateway.Client.CreateKeyAsync(account, new { name });
        var either = await KeysAsync("revoke", name);
        var revoked = await KeysAsync("revoke", prefix);
        var other = await KeysAsync("revoke", name, "--json");

        Assert.Equal($"{name}: none → DAILY 5\n", byName.Output);
        Assert.Equal($"{name}: DAILY 5 → DAILY 6\n", byPrefix.Output);
        Assert.Equal(id, JsonSerializer.Deserialize<JsonElement>(bySecret.Output).GetProperty("id").GetInt64());
        Assert.DoesNotContain(secret, bySecret.Output, StringComparison.Ordinal);
        Assert.Equal((1, "There is no key no such key. 'keys list' shows them.\n"), (unknown.Code, unknown.Error));
        Assert.Equal((1, "There is no account 1000000.\n"), (ofAnother.Code, ofAnother.Error));
        Assert.Equal(1, either.Code);
        Assert.Contains("may be one of 2 keys", either.Error, StringComparison.Ordinal);
        Assert.Equal((0, $"Key {id} ({name}, {prefix}) is revoked.\n"), (revoked.Code, revoked.Output));
        Assert.NotEqual(id, JsonSerializer.Deserialize<JsonElement>(other.Output).GetProperty("id").GetInt64());
        Assert.All(await KeysAsync(account), key => Assert.Equal("revoked", key.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Create_KeyOfAnEmailsAccount_CanCallWithinItsLimits()
    {
        var account = await _gateway.Client.CreateAccountAsync(100, _email);

        var made = await KeysAsync("create", _email, "first", "--daily", "7", "--surface", "search", "--json");
        var wrong = await KeysAsync("create", _email, "second", "--surface", "nowhere");

        var key = JsonSerializer.Deserialize<JsonElement>(made.Output);
        Assert.Equal((0, account, "live"), (made.Code, key.GetProperty("account_id").GetInt64(), key.GetProperty("mode").GetString()));
        await _gateway.ChargeAsync(key.GetProperty("key").GetString()!, 5);
        Assert.Equal(1, wrong.Code);
        Assert.Contains("#/surfaces/0", wrong.Error, StringComparison.Ordinal);
        Assert.Single(await KeysAsync(account));
    }

    [Fact]
    public async Task Rotate_Key_EndsTheOldSecretAndShowsTheNewOnce()
    {
        var (_, secret, id) = await _gateway.NewKeyAsync(100, new { name = "turning" });

        var rotated = await KeysAsync("rotate", $"{id}");

        Assert.StartsWith("turning, shown this once: mg_live_", rotated.Output, StringComparison.Ordinal);
        Assert.Equal("invalid_key", (await _gateway.Client.QueryAsync(secret, new { surface = "search", kind = "one" })).Code);
    }

    [Fact]
    public async Task Tables_OfLongNames_FitEightyColumns()
    {
        var account = await _gateway.Client.CreateAccountAsync(100, $"{new string('a', 30)}{Guid.NewGuid():N}@example.com");
        await _gateway.Client.CreateKeyAsync(account, new
        {
            name = new string('n', 120),
            limits = new object[]
            {
                new { type = "FIXED", limit = 1_000_000_000_000 }, new { type = "RECURRING", period = "MONTHLY", limit = 1_000_000_000 },
            },
        });

        foreach (var verb in new[] { "keys list", "accounts list", "surfaces list", $"accounts show {account}" })
        {
            var (code, output, _) = await InvokeAsync([.. verb.Split(' '), "--url", Url, "--token-file", _directory.In("token")]);

            Assert.Equal(0, code);
            Assert.All(
                output.Split('\n').Where(line => !line.Contains("(account ", StringComparison.Ordinal)),
                line => Assert.InRange(line.Length, 0, 80));
        }
    }

    [Theory]
    [InlineData("keys list")]
    [InlineData("accounts list")]
    [InlineData("surfaces list")]
    [InlineData("ledger verify")]
    [InlineData("ledger reconcile")]
    public async Task Json_OfEveryVerbWithATable_IsOneObject(string verb)
    {
        var (code, output, error) = await InvokeAsync([.. verb.Split(' '), "--json", "--url", Url, "--token-file", _directory.In("token")]);

        Assert.Equal((0, ""), (code, error));
        Assert.Equal(JsonValueKind.Object, JsonSerializer.Deserialize<JsonElement>(output).ValueKind);
    }

    [Fact]
    public async Task Account_ByEmail_IsMadeCreditedSuspendedAndRebuilt()
    {
        var made = await OperatorAsync("accounts", "create", _email, "--credits", "30");
        var twice = await OperatorAsync("accounts", "create", _email);
        var credited = await OperatorAsync("accounts", "credit", _email, "--amount", "12", "--description", "sorry", "--reference", _email);
        var again = await OperatorAsync("accounts", "credit", _email, "--amount", "12", "--description", "sorry", "--reference", _email);
        var rebuilt = await OperatorAsync("ledger", "rebuild", "--account", _email);
        var suspended = await OperatorAsync("accounts", "suspend", _email);
        var shown = await OperatorAsync("accounts", "show", _email, "--json");
        var nobody = await OperatorAsync("ledger", "rebuild", "--account", "nobody@example.com");

        Assert.Equal((0, 1, 0, 0), (made.Code, twice.Code, credited.Code, again.Code));
        Assert.EndsWith("has 30 credits.\n", made.Output, StringComparison.Ordinal);
        Assert.Contains(_email, twice.Error, StringComparison.Ordinal);
        Assert.Contains("has 42 credits now", credited.Output, StringComparison.Ordinal);
        Assert.Contains(
            "\"credit_balance\": 42", rebuilt.Output.Replace("\"balance\"", "\"credit_balance\"", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.Equal($"{_email} is suspended.\n", suspended.Output);
        var account = JsonSerializer.Deserialize<JsonElement>(shown.Output);
        Assert.Equal(("suspended", 42), (account.GetProperty("status").GetString(), account.GetProperty("credit_balance").GetInt64()));
        Assert.Equal((2, "There is no account nobody@example.com.\n"), (nobody.Code, nobody.Error));
    }

    [Theory]
    [InlineData("keys list", 1)]
    [InlineData("accounts list", 1)]
    [InlineData("ledger verify", 2)]
    public async Task Gateway_ThatIsNotThereOrRefusesTheToken_IsOneLine(string verb, int failed)
    {
        await File.WriteAllTextAsync(_directory.In("wrong"), "wrong");
        var refused = await InvokeAsync([.. verb.Split(' '), "--url", Url, "--token-file", _directory.In("wrong")]);
        var away = await InvokeAsync([.. verb.Split(' '), "--url", "http://127.0.0.1:1", "--token-file", _directory.In("token")]);

        Assert.Equal((failed, "", "The gateway does not take this token for an operator's.\n"), refused);
        Assert.Equal((failed, ""), (away.Code, away.Output));
        Assert.StartsWith("http://127.0.0.1:1/ can't be reached: Connection refused", away.Error, StringComparison.Ordinal);
        Assert.Equal(1, away.Error.Count(c => c == '\n'));
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

    private string Url => _gateway.First.Address.ToString();

    private Task<(int Code, string Output, string Error)> KeysAsync(params string[] arguments) => OperatorAsync(["keys", .. arguments]);

    private Task<(int Code, string Output, string Error)> OperatorAsync(params string[] arguments) =>
        InvokeAsync([.. arguments, "--url", Url, "--token-file", _directory.In("token")]);

    private static async Task<(int Code, string Output, string Error)> InvokeAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private async Task<IReadOnlyList<JsonElement>> KeysAsync(long account) =>
        [.. (await _gateway.Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{account}/keys")).Expect(HttpStatusCode.OK)
            .GetProperty("keys").EnumerateArray()];
}
