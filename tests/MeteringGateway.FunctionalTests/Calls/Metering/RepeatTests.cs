using System.Text.Json;
using Dapper;
using MeteringGateway.Testing;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Calls.Metering;

/// <summary>Contract §3: nothing is charged twice for one idempotency key and account, and a repeat gets the first answer again.</summary>
public sealed class RepeatTests(StreamFixture fixture) : IClassFixture<StreamFixture>
{
    private const string Body = """{"surface":"flat","query":"x"}""";

    [Fact]
    public async Task Repeat_OfAChargedCall_GetsTheFirstAnswerAgain()
    {
        var (account, key) = await fixture.NewKeyAsync();
        var before = fixture.Alpha.Count;
        fixture.Alpha.Script = _ => FakeReply.Json($$"""{"call":{{fixture.Alpha.Count}}}""");

        var first = await fixture.Client.QueryAsync(key, Body, ("Idempotency-Key", "k-1"));
        var second = await fixture.Client.QueryAsync(key, Body, ("Idempotency-Key", "k-1"));

        Assert.Equal((200, 7L, 993L), ((int)first.Status, first.CreditsCharged, first.RemainingCredits));
        Assert.Equal((first.Status, first.Text), (second.Status, second.Text));
        foreach (var name in new[] { "X-Request-Id", "X-Provider", "X-Credits-Charged", "X-Credits-Remaining", "Content-Type" })
        {
            Assert.Equal(first.Headers[name], second.Headers[name]);
        }

        Assert.Equal((false, "true"), (first.Headers.ContainsKey("Idempotent-Replayed"), second.Headers["Idempotent-Replayed"]));
        Assert.Equal(before + 1, fixture.Alpha.Count);
        Assert.Equal(-7, (await fixture.ChargesAsync(account, 1))[0].CreditsDelta);
    }

    [Fact]
    public async Task Repeat_OfAnAnswerThatIsNotJson_GetsItsBytesAndHeaders()
    {
        var (_, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Text("a;b\n", "text/csv") with { Headers = [("ETag", "\"1\"")] };

        var first = await fixture.Client.QueryAsync(key, Body, ("Idempotency-Key", "csv"));
        var second = await fixture.Client.QueryAsync(key, Body, ("Idempotency-Key", "csv"));

        Assert.Equal(("a;b\n", "text/csv", "\"1\""), (second.Text, second.Headers["Content-Type"], second.Headers["ETag"]));
        Assert.Equal(first.Headers["X-Credits-Remaining"], second.Headers["X-Credits-Remaining"]);
    }

    [Theory]
    [InlineData("""{"surface":"flat","query":"y"}""")]
    [InlineData("""{"surface":"chat","query":"x"}""")]
    public async Task Repeat_OfAnotherRequest_IsRefusedAndChargesNothing(string other)
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Json("{}");
        await fixture.Client.QueryAsync(key, Body, ("Idempotency-Key", "k"));

        var answer = await fixture.Client.QueryAsync(key, other, ("Idempotency-Key", "k"));

        Assert.Equal((422, "idempotency_mismatch"), ((int)answer.Status, answer.Code));
        await fixture.ChargesAsync(account, 1);
    }

    /// <summary>The key is the account's: another account's call with the same key is a call of its own.</summary>
    [Fact]
    public async Task SameKey_OfAnotherAccount_IsAnotherCall()
    {
        var (_, one) = await fixture.NewKeyAsync();
        var (account, other) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Json("{}");
        await fixture.Client.QueryAsync(one, Body, ("Idempotency-Key", "k"));

        var answer = await fixture.Client.QueryAsync(other, Body, ("Idempotency-Key", "k"));

        Assert.False(answer.Headers.ContainsKey("Idempotent-Replayed"));
        await fixture.ChargesAsync(account, 1);
    }

    /// <summary>Two keys of one account share the records: a client that rotates its key repeats with the new one.</summary>
    [Fact]
    public async Task Repeat_WithAnotherKeyOfTheAccount_GetsTheFirstAnswer()
    {
        var (account, key) = await fixture.NewKeyAsync();
        var other = await fixture.Client.CreateKeyAsync(account);
        fixture.Alpha.Script = _ => FakeReply.Json("{}");
        var first = await fixture.Client.QueryAsync(key, Body, ("Idempotency-Key", "k"));

        var second = await fixture.Client.QueryAsync(other, Body, ("Idempotency-Key", "k"));

        Assert.Equal(first.Text, second.Text);
        await fixture.ChargesAsync(account, 1);
    }

    [Fact]
    public async Task Repeat_OfACallThatWasNotCharged_IsANewCall()
    {
        var (account, key) = await fixture.NewKeyAsync();
        (fixture.Alpha.Script, fixture.Beta.Script) = (_ => FakeReply.Error(400), _ => FakeReply.Error(400));
        var refused = await fixture.Client.QueryAsync(key, Body, ("Idempotency-Key", "k"));
        fixture.Alpha.Script = _ => FakeReply.Json("{}");

        var answer = await fixture.Client.QueryAsync(key, Body, ("Idempotency-Key", "k"));

        Assert.Equal((400, 200), ((int)refused.Status, (int)answer.Status));
        await fixture.ChargesAsync(account, 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    public async Task Key_ThatIsNone_IsRefusedAndChargesNothing(string value)
    {
        var (account, key) = await fixture.NewKeyAsync();
        var before = fixture.Alpha.Count;

        var answer = await fixture.Client.QueryAsync(key, Body, ("Idempotency-Key", value));

        Assert.Equal((400, "invalid_request"), ((int)answer.Status, answer.Code));
        Assert.Equal("Idempotency-Key", answer.Json.GetProperty("errors")[0].GetProperty("parameter").GetString());
        Assert.Equal(before, fixture.Alpha.Count);
        await fixture.ChargesAsync(account, 0);
    }

    /// <summary>A body that is not kept: the repeat learns what the first call was charged.</summary>
    [Theory]
    [InlineData("stream")]
    [InlineData("large")]
    public async Task Repeat_OfWhatIsNotKept_GetsTheChargeWithoutABody(string kind)
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => kind == "stream"
            ? FakeReply.Events("data: {\"usage\":{\"total_tokens\":12}}\n\n")
            : FakeReply.Json($$$"""{"pad":"{{{new string('x', 2 * StreamFixture.HoldBytes)}}}","usage":{"total_tokens":12}}""");
        using (var first = await OpenStream.BeginAsync(
            fixture.Gateway.Address, key, """{"surface":"chat"}""", headers: ("Idempotency-Key", "k")))
        {
            Assert.True(await first.ReadToEndAsync());
        }

        var entry = (await fixture.ChargesAsync(account, 1))[0];
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"chat"}""", ("Idempotency-Key", "k"));

        Assert.Equal((200, "true", "12"), ((int)answer.Status, answer.Headers["Idempotent-Replayed"], answer.Headers["X-Credits-Charged"]));
        Assert.Equal(
            (true, JsonValueKind.Null, true, 12L, 988L, entry.EntryId, "alpha"),
            (answer.Json.GetProperty("ok").GetBoolean(), answer.Json.GetProperty("result").ValueKind,
                answer.Json.GetProperty("replayed_without_body").GetBoolean(), answer.CreditsCharged, answer.RemainingCredits,
                answer.Json.GetProperty("request_id").GetString(), answer.Json.GetProperty("provider").GetString()));
        await fixture.ChargesAsync(account, 1);
    }

    [Fact]
    public async Task Repeat_OfAFreeCall_CallsNobodyAgain()
    {
        var (account, key) = await fixture.NewKeyAsync();
        var before = fixture.Alpha.Count;
        fixture.Alpha.Script = _ => FakeReply.Json("""{"free":true}""");

        var first = await fixture.Client.QueryAsync(key, """{"surface":"free"}""", ("Idempotency-Key", "k"));
        var second = await fixture.Client.QueryAsync(key, """{"surface":"free"}""", ("Idempotency-Key", "k"));

        Assert.Equal((first.Text, "true"), (second.Text, second.Headers["Idempotent-Replayed"]));
        Assert.Equal(before + 1, fixture.Alpha.Count);
        await fixture.ChargesAsync(account, 0);
    }

    /// <summary>The key is the account's, whatever the surface costs.</summary>
    [Theory]
    [InlineData("flat", "free", 1)]
    [InlineData("free", "flat", 0)]
    public async Task Repeat_OnAnotherSurface_IsRefusedWhateverEachCosts(string one, string other, int charges)
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Json("{}");
        Assert.Equal(200, (int)(await fixture.Client.QueryAsync(key, $$"""{"surface":"{{one}}"}""", ("Idempotency-Key", "k"))).Status);

        var answer = await fixture.Client.QueryAsync(key, $$"""{"surface":"{{other}}"}""", ("Idempotency-Key", "k"));

        Assert.Equal((422, "idempotency_mismatch"), ((int)answer.Status, answer.Code));
        await fixture.ChargesAsync(account, charges);
    }

    /// <summary>The provider that answered is free, and the next one of the chain is not: a repeat must not come to that one.</summary>
    [Fact]
    public async Task Repeat_OfAnAnswerOfAFreeProvider_GetsItAgainAndIsNotCharged()
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Json("""{"free":true}""");
        var first = await fixture.Client.QueryAsync(key, """{"surface":"partly-free"}""", ("Idempotency-Key", "k"));
        (fixture.Alpha.Script, fixture.Beta.Script) = (_ => FakeReply.Error(503), _ => FakeReply.Json("{}"));
        await fixture.ChargesAsync(account, 0);

        var second = await fixture.Client.QueryAsync(key, """{"surface":"partly-free"}""", ("Idempotency-Key", "k"));

        Assert.Equal((200, 0L, "alpha"), ((int)first.Status, first.CreditsCharged, first.Headers["X-Provider"]));
        Assert.Equal((first.Text, "true"), (second.Text, second.Headers["Idempotent-Replayed"]));
        await fixture.ChargesAsync(account, 0);
    }

    /// <summary>The client was told "not charged", and the charge is taken back; until then its record says that it was made.</summary>
    [Theory]
    [InlineData("reversed", 409)]
    [InlineData("free", 200)]
    public async Task Repeat_OfAChargeThatIsDisputed_IsNoAnswer(string outcome, int status)
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Json("{}");
        var first = await fixture.Client.QueryAsync(key, Body, ("Idempotency-Key", "k"));
        await fixture.ChargesAsync(account, 1);
        await using var books = await OpenAsync();
        await books.ExecuteAsync(
            """
            insert into unsettled_calls (request_id, hold_id, account_id, key_id, price, surface, outcome, settled_at)
            select @id, @id, account_id, id, 7, 'flat', @outcome, now() from keys where account_id = @account
            """,
            new { id = first.RequestId, outcome, account });

        var repeat = await fixture.Client.QueryAsync(key, Body, ("Idempotency-Key", "k"));

        Assert.Equal((status, status == 409 ? "idempotency_in_progress" : null), ((int)repeat.Status, repeat.Code));
        await fixture.ChargesAsync(account, 1);
    }

    [Fact]
    public async Task Repeat_WhileDisputesCantBeAskedFor_GetsTheFirstAnswer()
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Json("{}");
        var first = await fixture.Client.QueryAsync(key, Body, ("Idempotency-Key", "k"));
        await using (var books = await OpenAsync())
        await using (var locked = await books.BeginTransactionAsync())
        {
            await books.ExecuteAsync("lock table unsettled_calls in access exclusive mode", transaction: locked);
            Assert.Equal(first.Text, (await fixture.Client.QueryAsync(key, Body, ("Idempotency-Key", "k"))).Text);
        }

        await fixture.ChargesAsync(account, 1);
    }

    /// <summary>The records of a test key are its own: the same key and body with a live key is a call, and is charged.</summary>
    [Fact]
    public async Task Repeat_WithATestKey_GetsTheFirstAnswerAndNeverMeetsALiveCall()
    {
        var (account, live) = await fixture.NewKeyAsync();
        var test = await fixture.Client.CreateKeyAsync(account, new { name = "test", mode = "test" });
        fixture.Alpha.Script = _ => FakeReply.Json("{}");

        var first = await fixture.Client.QueryAsync(test, Body, ("Idempotency-Key", "k"));
        var second = await fixture.Client.QueryAsync(test, Body, ("Idempotency-Key", "k"));
        var charged = await fixture.Client.QueryAsync(live, Body, ("Idempotency-Key", "k"));

        Assert.Equal((first.Text, "true"), (second.Text, second.Headers["Idempotent-Replayed"]));
        Assert.Equal(("alpha", false), (charged.Headers["X-Provider"], charged.Headers.ContainsKey("Idempotent-Replayed")));
        await fixture.ChargesAsync(account, 1);
    }

    /// <summary>Over two gateways, at once and again: one call of the provider, one charge, one answer for all who get it.</summary>
    [Fact]
    public async Task HundredRepeats_AtOnceOverTwoGateways_AreOneCallAndOneCharge()
    {
        var (account, key) = await fixture.NewKeyAsync();
        await using var other = await GatewayProcess.StartAsync(fixture.Stores, StreamFixture.Config(fixture.Alpha, fixture.Beta));
        var before = fixture.Alpha.Count;
        var answer = new TaskCompletionSource();
        fixture.Alpha.Script = _ => FakeReply.Json($$"""{"call":{{fixture.Alpha.Count}}}""") with { Until = answer.Task };

        var calls = Enumerable.Range(0, 100).Select(client =>
            (client % 2 == 0 ? fixture.Client : other.Client).QueryAsync(key, Body, ("Idempotency-Key", "hundred"))).ToArray();
        await fixture.Alpha.AwaitCountAsync(before + 1);
        await Eventually.TrueAsync(
            () => Task.FromResult(calls.Count(call => call.IsCompleted) == 99), () => "not all repeats are answered");
        answer.SetResult();
        var answers = await Task.WhenAll(calls);
        var late = await Task.WhenAll(Enumerable.Range(0, 20).Select(client =>
            (client % 2 == 0 ? fixture.Client : other.Client).QueryAsync(key, Body, ("Idempotency-Key", "hundred"))));

        var first = Assert.Single(answers, one => (int)one.Status == 200);
        Assert.All(answers.Where(one => one != first), one =>
        {
            Assert.Equal((409, "idempotency_in_progress"), ((int)one.Status, one.Code));
            Assert.Equal("1", one.Headers["Retry-After"]);
        });
        Assert.All(late, one => Assert.Equal((first.Text, "true"), (one.Text, one.Headers["Idempotent-Replayed"])));
        Assert.Equal(before + 1, fixture.Alpha.Count);
        Assert.Equal(-7, (await fixture.ChargesAsync(account, 1))[0].CreditsDelta);
    }

    /// <summary>Killed before the charge: repeats are told to wait until the hold has ended, then one of them is the call.</summary>
    [Fact]
    public async Task Gateway_KilledBetweenProviderAndAnswer_LeavesOneCharge()
    {
        var (account, key) = await fixture.NewKeyAsync();
        var killed = await GatewayProcess.StartAsync(fixture.Stores, StreamFixture.Config(fixture.Alpha, fixture.Beta));
        var before = fixture.Alpha.Count;
        fixture.Alpha.Script = _ => FakeReply.Hang();
        var lost = killed.Client.QueryAsync(key, Body, ("Idempotency-Key", "k"));
        await fixture.Alpha.AwaitCountAsync(before + 1);
        await killed.Kill9Async();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => lost);
        await killed.DisposeAsync();
        fixture.Alpha.Script = _ => FakeReply.Json("{}");

        var early = await fixture.Client.QueryAsync(key, Body, ("Idempotency-Key", "k"));
        GatewayAnswer? answer = null;
        await Eventually.TrueAsync(
            async () => (int)(answer = await fixture.Client.QueryAsync(key, Body, ("Idempotency-Key", "k"))).Status == 200,
            () => answer?.Text ?? "");
        var again = await fixture.Client.QueryAsync(key, Body, ("Idempotency-Key", "k"));

        Assert.Equal("idempotency_in_progress", early.Code);
        Assert.Equal(answer!.Text, again.Text);
        await fixture.ChargesAsync(account, 1);
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var books = new NpgsqlConnection(fixture.Stores.PostgresConnection);
        await books.OpenAsync();
        return books;
    }
}
