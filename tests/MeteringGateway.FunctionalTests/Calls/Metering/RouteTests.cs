using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Calls.Metering;

/// <summary>Contract §3a: the same call under the provider's own path.</summary>
public sealed class RouteTests(StreamFixture fixture) : IClassFixture<StreamFixture>
{
    private const string Answer = """{"id":"c-1","usage":{"prompt_tokens":10,"completion_tokens":5}}""";

    [Theory]
    [InlineData("small", 20)]
    [InlineData("large", 200)]
    public async Task Call_UnderTheProvidersPath_IsTheProvidersAnswerWithTheFactsInHeaders(string model, long charged)
    {
        var (account, key) = await fixture.NewKeyAsync();
        var before = fixture.Alpha.Count;
        fixture.Alpha.Script = _ => FakeReply.Json(Answer, 201);

        var answer = await PostAsync(
            key, $$"""{"model":"{{model}}"}""", "v1/chat/completions?api=1&x=%20", ("OpenAI-Beta", "a"), ("Cookie", "c=1"));

        Assert.Equal((201, Answer, "application/json"), ((int)answer.Status, answer.Text, answer.Headers["Content-Type"]));
        Assert.Equal(
            ("alpha", $"{charged}", $"{1_000 - charged}"),
            (answer.Headers["X-Provider"], answer.Headers["X-Credits-Charged"], answer.Headers["X-Credits-Remaining"]));
        Assert.Matches("^alpha=201;[0-9]+$", answer.Headers["X-Provider-Attempts"]);
        var sent = fixture.Alpha.Requests[before];
        Assert.Equal(
            ("POST", "/v1/chat/completions?api=1&x=%20", "a", null, null, answer.RequestId),
            (sent.Method, sent.Target, sent.Header("OpenAI-Beta"), sent.Header("Cookie"), sent.Header("Authorization"),
                sent.Header("X-Request-Id")));
        var entry = (await fixture.ChargesAsync(account, 1))[0];
        Assert.Equal((answer.RequestId, -charged, "openai"), (entry.EntryId, entry.CreditsDelta, entry.Surface));
    }

    [Theory]
    [InlineData("""{"model":"huge"}""", "application/json", 400, "invalid_request", "invalid_request_error")]
    [InlineData("""{"model":""", "application/json", 400, "invalid_json", "invalid_request_error")]
    [InlineData("""{"model":"small"}""", "text/plain", 415, "unsupported_media_type", "invalid_request_error")]
    public async Task Call_ThatCantBePriced_IsRefusedInTheSdksShapeAndChargesNothing(
        string body, string type, int status, string code, string kind)
    {
        var (account, key) = await fixture.NewKeyAsync();
        var before = fixture.Alpha.Count;
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type));

        var answer = await fixture.Client.SendAsync(HttpMethod.Post, "v1/chat/completions", key, content);

        Assert.Equal((status, code), ((int)answer.Status, answer.Code));
        var error = answer.Json.GetProperty("error");
        Assert.Equal(
            (kind, code, answer.Json.GetProperty("detail").GetString()),
            (error.GetProperty("type").GetString(), error.GetProperty("code").GetString(), error.GetProperty("message").GetString()));
        Assert.Equal(before, fixture.Alpha.Count);
        await fixture.ChargesAsync(account, 0);
    }

    [Fact]
    public async Task Call_WithoutCredits_Is402InTheSdksShape()
    {
        var (_, key) = await fixture.NewKeyAsync(credits: 1);

        var answer = await PostAsync(key, """{"model":"small"}""");

        Assert.Equal((402, "insufficient_credits"), ((int)answer.Status, answer.Json.GetProperty("error").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Call_ThatTheProviderRefuses_IsPassedOnAsItCameAndChargesNothing()
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Json("""{"error":{"message":"no such tool"}}""", 422);

        var answer = await PostAsync(key, """{"model":"small"}""");

        Assert.Equal((422, """{"error":{"message":"no such tool"}}"""), ((int)answer.Status, answer.Text));
        Assert.Equal(("alpha", false), (answer.Headers["X-Provider"], answer.Headers.ContainsKey("X-Credits-Charged")));
        await fixture.ChargesAsync(account, 0);
    }

    /// <summary>Nothing was done for it, and a cache in front must not give what one account has paid for to others.</summary>
    [Fact]
    public async Task Get_ThatTheClientHasAlready_IsPassedOnUncharged()
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Json("[]") with
        {
            Headers = [("ETag", "\"1\""), ("Cache-Control", "public, max-age=60")],
        };
        var first = await fixture.Client.SendAsync(HttpMethod.Get, "files/list", key, null);
        fixture.Alpha.Script = _ => FakeReply.Json("", 304) with { Headers = [("ETag", "\"1\"")] };

        var second = await fixture.Client.SendAsync(HttpMethod.Get, "files/list", key, null, ("If-None-Match", "\"1\""));

        Assert.Equal((200, "\"1\"", "no-store"), ((int)first.Status, first.Headers["ETag"], first.Headers["Cache-Control"]));
        Assert.Equal((304, "", "\"1\""), ((int)second.Status, second.Text, second.Headers["ETag"]));
        await fixture.ChargesAsync(account, 1);
    }

    [Fact]
    public async Task Call_ThatNoProviderAnswers_IsAProblemInTheSdksShape()
    {
        var (account, key) = await fixture.NewKeyAsync();
        (fixture.Alpha.Script, fixture.Beta.Script) = (_ => FakeReply.Error(503), _ => FakeReply.Error(500));

        var answer = await PostAsync(key, """{"model":"small"}""");

        Assert.Equal((502, "providers_failed", "api_error"), ((int)answer.Status, answer.Code,
            answer.Json.GetProperty("error").GetProperty("type").GetString()));
        await fixture.ChargesAsync(account, 0);
    }

    /// <summary>A stream is asked for its usage, the one exception to byte for byte.</summary>
    [Fact]
    public async Task Stream_OfASurfaceThatAsksForUsage_IsAskedAndCharged()
    {
        var (account, key) = await fixture.NewKeyAsync();
        var before = fixture.Alpha.Count;
        const string Events = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":null}\n\n"
            + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5}}\n\ndata: [DONE]\n\n";
        fixture.Alpha.Script = _ => FakeReply.Events(Events);

        using var stream = await OpenStream.BeginAsync(
            fixture.Gateway.Address, key, """{"model":"small","stream":true}""", "v1/chat/completions");

        Assert.True(await stream.ReadToEndAsync());
        Assert.Equal((Events, "500"), (stream.Read, stream.Header("X-Credits-Held")));
        Assert.Matches("^alpha=200;[0-9]+$", stream.Header("X-Provider-Attempts"));
        Assert.Equal(
            """{"model":"small","stream":true,"stream_options":{"include_usage":true}}""", fixture.Alpha.Requests[before].Text);
        Assert.Equal(-20, (await fixture.ChargesAsync(account, 1))[0].CreditsDelta);
    }

    [Fact]
    public async Task Call_OfAFlatPrice_TakesAnyBodyAndEncoding()
    {
        var (account, key) = await fixture.NewKeyAsync();
        var before = fixture.Alpha.Count;
        fixture.Alpha.Script = _ => FakeReply.Text("stored", "text/plain");
        using var content = new ByteArrayContent([0x1f, 0x8b, 0x00, 0xff]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.TryAddWithoutValidation("Content-Encoding", "gzip");

        var answer = await fixture.Client.SendAsync(HttpMethod.Put, "files/a%2Fb/c", key, content);

        Assert.Equal((200, "stored"), ((int)answer.Status, answer.Text));
        var sent = fixture.Alpha.Requests[before];
        Assert.Equal(
            ("PUT", "/files/a%2Fb/c", "application/octet-stream", "gzip"),
            (sent.Method, sent.Target, sent.Header("Content-Type"), sent.Header("Content-Encoding")));
        Assert.Equal(-3, (await fixture.ChargesAsync(account, 1))[0].CreditsDelta);
    }

    [Fact]
    public async Task Call_ByGet_HasNoBodyAndIsCharged()
    {
        var (account, key) = await fixture.NewKeyAsync();
        var before = fixture.Alpha.Count;
        fixture.Alpha.Script = _ => FakeReply.Json("[]");

        var answer = await fixture.Client.SendAsync(HttpMethod.Get, "files/list?after=1", key, null);

        Assert.Equal((200, "[]"), ((int)answer.Status, answer.Text));
        Assert.Equal(("GET", "/files/list?after=1", ""), (fixture.Alpha.Requests[before].Method, fixture.Alpha.Requests[before].Target,
            fixture.Alpha.Requests[before].Text));
        Assert.Equal(-3, (await fixture.ChargesAsync(account, 1))[0].CreditsDelta);
    }

    [Theory]
    [InlineData("HEAD", "files/list", "GET, PUT")]
    [InlineData("DELETE", "files/list", "GET, PUT")]
    [InlineData("GET", "v1/chat/completions", "POST")]
    public async Task OtherMethod_OfARoute_IsNotAllowedAndChargesNothing(string method, string path, string allowed)
    {
        var (account, key) = await fixture.NewKeyAsync();
        var before = fixture.Alpha.Count;

        var answer = await fixture.Client.SendAsync(new HttpMethod(method), path, key, null);

        Assert.Equal(405, (int)answer.Status);
        Assert.Equal(
            allowed.Split(", ").Order(),
            answer.Headers["Allow"].Split(", ").Where(one => one is not "OPTIONS" and not "HEAD").Order());
        Assert.Equal(before, fixture.Alpha.Count);
        await fixture.ChargesAsync(account, 0);
    }

    /// <summary>A repeat under the provider's own path has no envelope to say that its body was not kept.</summary>
    [Fact]
    public async Task Repeat_OfAStream_Is409AndNotToBeRetried()
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Events("data: {\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5}}\n\n");
        using (var first = await OpenStream.BeginAsync(
            fixture.Gateway.Address, key, """{"model":"small"}""", "v1/chat/completions", ("Idempotency-Key", "k")))
        {
            Assert.True(await first.ReadToEndAsync());
        }

        await fixture.ChargesAsync(account, 1);
        var answer = await PostAsync(key, """{"model":"small"}""", headers: ("Idempotency-Key", "k"));

        Assert.Equal((409, "idempotency_body_not_kept", "false"), ((int)answer.Status, answer.Code, answer.Headers["X-Should-Retry"]));
        Assert.Equal(20, answer.Json.GetProperty("first_credits_charged").GetInt64());
        await fixture.ChargesAsync(account, 1);
    }

    [Fact]
    public async Task Repeat_OfAHeldAnswer_GetsItsBytesAgain()
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Json(Answer, 201);

        var first = await PostAsync(key, """{"model":"small"}""", headers: ("Idempotency-Key", "k"));
        var second = await PostAsync(key, """{"model":"small"}""", headers: ("Idempotency-Key", "k"));
        var otherPath = await PostAsync(key, """{"model":"small"}""", "v1/chat/completions?x=1", ("Idempotency-Key", "k"));

        Assert.Equal((201, Answer, "true"), ((int)second.Status, second.Text, second.Headers["Idempotent-Replayed"]));
        foreach (var name in new[] { "X-Request-Id", "X-Provider", "X-Credits-Charged", "X-Credits-Remaining", "X-Provider-Attempts" })
        {
            Assert.Equal(first.Headers[name], second.Headers[name]);
        }

        Assert.Equal(422, (int)otherPath.Status);
        await fixture.ChargesAsync(account, 1);
    }

    [Theory]
    [InlineData("Authorization", "Bearer {0}", 201)]
    [InlineData("X-Api-Key", "{0}", 201)]
    [InlineData("api-key", "{0}", 201)]
    [InlineData("Authorization", "{0}", 401)]
    public async Task Key_FromWhicheverHeaderTheClientSends_IsTaken(string header, string form, int status)
    {
        var (_, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Json(Answer, 201);

        var answer = await PostAsync(null, """{"model":"small"}""", headers: (header, form.Replace("{0}", key, StringComparison.Ordinal)));

        Assert.Equal(status, (int)answer.Status);
    }

    [Fact]
    public async Task Keys_ThatDiffer_Are401()
    {
        var (account, key) = await fixture.NewKeyAsync();
        var other = await fixture.Client.CreateKeyAsync(account);

        fixture.Alpha.Script = _ => FakeReply.Json(Answer, 201);

        Assert.Equal(401, (int)(await PostAsync(key, """{"model":"small"}""", headers: ("api-key", other))).Status);
        Assert.Equal(201, (int)(await PostAsync(key, """{"model":"small"}""", headers: ("api-key", key))).Status);
    }

    /// <summary>Which path dots come to is each server's own idea: the provider might see another one than the surface has.</summary>
    [Theory]
    [InlineData("/files/../files/secret")]
    [InlineData("/files/%2e%2e/files/secret")]
    [InlineData("/files/x/./y")]
    public async Task Path_WithDotSegments_IsRefused(string path)
    {
        var (account, key) = await fixture.NewKeyAsync();
        var before = fixture.Alpha.Count;
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", fixture.Gateway.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(client.GetStream());

        Assert.StartsWith("HTTP/1.1 400", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(before, fixture.Alpha.Count);
        await fixture.ChargesAsync(account, 0);
    }

    [Fact]
    public async Task TestKey_UnderTheProvidersPath_GetsTheConfiguredAnswer()
    {
        var (account, _) = await fixture.NewKeyAsync();
        var test = await fixture.Client.CreateKeyAsync(account, new { name = "test", mode = "test" });
        var before = fixture.Alpha.Count;

        var answer = await PostAsync(test, """{"model":"small"}""");
        using var stream = await OpenStream.BeginAsync(
            fixture.Gateway.Address, test, """{"model":"small","stream":true}""", "v1/chat/completions");

        Assert.Equal(
            (200, """{"id":"test-1","usage":{"prompt_tokens":3,"completion_tokens":4}}""", "11"),
            ((int)answer.Status, answer.Text, answer.Headers["X-Credits-Charged"]));
        Assert.True(await stream.ReadToEndAsync());
        Assert.Equal("text/event-stream", stream.Header("Content-Type"));
        Assert.StartsWith("data: {\"id\":\"test-1\"", stream.Read, StringComparison.Ordinal);
        Assert.Equal(before, fixture.Alpha.Count);
        await fixture.ChargesAsync(account, 0);
    }

    /// <summary>The hold covers the dearest provider of the chain, the charge is that of the one that answered.</summary>
    [Theory]
    [InlineData(false, 9, "alpha")]
    [InlineData(true, 4, "beta")]
    public async Task Provider_WithAPriceOfItsOwn_IsChargedWhereItAnswers(bool falls, long charged, string provider)
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => falls ? FakeReply.Error(503) : FakeReply.Json("{}");
        fixture.Beta.Script = _ => FakeReply.Json("{}");

        var answer = await fixture.Client.QueryAsync(key, """{"surface":"priced-apart"}""");

        Assert.Equal((charged, 1_000 - charged), (answer.CreditsCharged, answer.RemainingCredits));
        var entry = (await fixture.ChargesAsync(account, 1))[0];
        Assert.Equal((-charged, 9L, provider), (entry.CreditsDelta, entry.CreditsHeld, entry.Provider));
    }

    private Task<GatewayAnswer> PostAsync(
        string? key, string body, string path = "v1/chat/completions", params (string Name, string Value)[] headers) =>
        fixture.Client.SendAsync(HttpMethod.Post, path, key, new StringContent(body, Encoding.UTF8, "application/json"), headers);
}
