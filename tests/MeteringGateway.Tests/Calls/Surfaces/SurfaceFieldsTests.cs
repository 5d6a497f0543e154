using System.Text;
using System.Text.Json;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Calls.Surfaces.TestAnswers;
using MeteringGateway.Configuration;
using MeteringGateway.Http.Requests;
using Microsoft.Extensions.Configuration;

namespace MeteringGateway.Tests.Calls.Surfaces;

/// <summary>What a surface may say beside its price and its times, read from a file as the gateway reads it.</summary>
public sealed class SurfaceFieldsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-surface-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_EveryField_IsThereAndShown()
    {
        var surface = Read("""
            { "Price": { "Credits": 2 },
              "Providers": [ "alpha", { "Name": "Beta", "Price": { "Usage": { "usage.total_tokens": 3 }, "MaxCredits": 40 } }, { "Name": "gamma" } ],
              "StreamTimeout": "01:00:00", "Routes": [ "POST /v1/chat/completions", "GET /v1/models/{**rest}" ],
              "PassHeaders": [ "X-Trace", "OpenAI-Beta" ], "AskForUsage": true,
              "TestAnswer": { "id": 1, "list": [], "text": "7" } }
            """, out var errors)!;

        Assert.Empty(errors);
        Assert.Equal(["alpha", "beta", "gamma"], surface.Providers.ToArray());
        Assert.Equal(["beta"], surface.ProviderPrices.Keys.ToArray());
        Assert.Equal((40, 2, 3, 2), (
            surface.Quote(default).Credits, surface.Quote(default).For("alpha").Charge(default),
            surface.Quote(default).For("beta").Charge("""{"usage":{"total_tokens":1000}}"""u8), surface.Quote(default).For("gamma").Charge(default)));
        Assert.Equal((TimeSpan.FromHours(1), true), (surface.StreamTimeout, surface.AsksForUsage));
        Assert.Equal(["X-Trace", "OpenAI-Beta"], surface.PassHeaders.ToArray());
        var view = JsonSerializer.SerializeToNode(SurfaceView.Of(surface), WireJson.Options)!;
        Assert.Equal("""["POST /v1/chat/completions","GET /v1/models/{**rest}"]""", view["routes"]!.ToJsonString());
        Assert.Equal("""["alpha","beta","gamma"]""", view["providers"]!.ToJsonString());
        Assert.Equal("""{"beta":{"max_credits":40,"usage":{"usage.total_tokens":3}}}""", view["provider_prices"]!.ToJsonString());
        Assert.Equal("""{"id":1,"list":[],"text":"7"}""", view["test_answer"]!.ToJsonString());
        Assert.Equal("01:00:00 true", $"{view["stream_timeout"]} {view["ask_for_usage"]}");
    }

    [Fact]
    public void Read_NothingBesideThePrice_HasTheDefaults()
    {
        var surface = Read("""{ "Price": { "Credits": 2 }, "Providers": ["alpha"] }""", out _)!;

        Assert.Equal((TimeSpan.FromMinutes(10), false, 0, 0), (
            surface.StreamTimeout, surface.AsksForUsage, surface.Routes.Length, surface.PassHeaders.Length));
        Assert.Null(SurfaceView.Of(surface).TestAnswer);
    }

    [Theory]
    [InlineData("\"StreamTimeout\": \"10\"", "StreamTimeout is '10': must be a duration")]
    [InlineData("\"StreamTimeout\": \"1.00:00:01\"", "StreamTimeout is '1.00:00:01': must be a duration")]
    [InlineData("\"StreamTimeuot\": \"00:10:00\"", "StreamTimeuot is unknown: did you mean StreamTimeout?")]
    [InlineData("\"Routes\": [\"v1/chat\"]", "Routes:0 is 'v1/chat': must be like POST /v1/chat/completions")]
    [InlineData("\"Routes\": \"POST /v1\"", "Routes is 'POST /v1': must be a list")]
    [InlineData("\"Routes\": [\"POST /v1\", \"POST /v1\"]", "Routes:1 is 'POST /v1': must be a route apart from POST /v1 of chat")]
    [InlineData(
        "\"Routes\": [\"GET /v1\"], \"Price\": { \"Per\": \"n\", \"Credits\": 2 }", "Routes:0 is 'GET /v1': must be POST or PUT, or")]
    [InlineData("\"PassHeaders\": [\"Authorization\"]", "PassHeaders:0 is 'Authorization': must be left out: it belongs to")]
    [InlineData("\"PassHeaders\": [\"x-api-key\"]", "PassHeaders:0 is 'x-api-key': must be left out")]
    [InlineData("\"PassHeaders\": [\"Cookie\"]", "PassHeaders:0 is 'Cookie': must be left out")]
    [InlineData("\"PassHeaders\": [\"Transfer-Encoding\"]", "PassHeaders:0 is 'Transfer-Encoding': must be left out")]
    [InlineData("\"PassHeaders\": [\"Idempotency-Key\"]", "PassHeaders:0 is 'Idempotency-Key': must be left out")]
    [InlineData("\"PassHeaders\": [\"X-Forwarded-Host\"]", "PassHeaders:0 is 'X-Forwarded-Host': must be left out")]
    [InlineData("\"PassHeaders\": [\"Accept\"]", "PassHeaders:0 is 'Accept': must be left out: it goes to every provider anyway")]
    [InlineData("\"PassHeaders\": [\"X A\"]", "PassHeaders:0 is 'X A': must be a header's name")]
    [InlineData("\"PassHeaders\": [\"X-A\", \"x-a\"]", "PassHeaders:1 is 'x-a': must be named once")]
    [InlineData("\"AskForUsage\": \"yes\"", "AskForUsage is 'yes': must be true or false")]
    [InlineData("\"Providers\": [{ \"Name\": \"nobody\" }]", "Providers:0:Name is 'nobody': must be a provider in ReverseProxy:Clusters")]
    [InlineData("\"Providers\": [{ \"Price\": { \"Credits\": 1 } }]", "Providers:0:Name is 'null': must be a provider")]
    [InlineData("\"Providers\": [\"beta\", { \"Name\": \"beta\" }]", "Providers:1:Name is 'beta': must be named once in the chain")]
    [InlineData("\"Providers\": [{ \"Name\": \"beta\", \"Price\": 3 }]", "Providers:0:Price is '3': must be {")]
    [InlineData("\"Providers\": [{ \"Name\": \"beta\", \"Prize\": 3 }]", "Providers:0:Prize is unknown: did you mean Price?")]
    [InlineData("\"TestAnswer\": \"{\"", "TestAnswer is '{': must be JSON")]
    [InlineData("\"TestAnswer\": { \"Json\": 1, \"Events\": {} }", "TestAnswer has Events that are no list")]
    public void Read_WrongField_OneClearLine(string field, string expected)
    {
        var price = field.Contains("], \"Price\"", StringComparison.Ordinal) ? "" : "\"Price\": { \"Credits\": 2 },";
        var chain = field.StartsWith("\"Providers", StringComparison.Ordinal) ? "" : "\"Providers\": [\"alpha\"],";

        Assert.Null(Read($"{{ {price} {chain} {field} }}", out var errors));
        Assert.Contains($"Surfaces:chat:{expected}", Assert.Single(errors), StringComparison.Ordinal);
    }

    /// <summary>What the file says, the answer, and its events with | for each line's end.</summary>
    [Theory]
    [InlineData("""{ "a" : [ 1.50, [], {}, null ] /* x */, }""", """{"a":[1.50,[],{},null]}""", """data: {"a":[1.50,[],{},null]}||data: [DONE]||""")]
    [InlineData("[1, \"é\"]", "[1,\"é\"]", "data: [1,\"é\"]||data: [DONE]||")]
    [InlineData("\"{\\\"a\\\": 1}\"", "{\"a\":1}", "data: {\"a\":1}||data: [DONE]||")]
    [InlineData("7", "7", "data: 7||data: [DONE]||")]
    [InlineData("""{ "type": "message", "x": 1 }""", """{"type":"message","x":1}""", """event: message|data: {"type":"message","x":1}||""")]
    [InlineData(
        """{ "Json": { "id": 1 }, "Events": [ { "n": 1 }, { "n": 2 } ] }""",
        """{"id":1}""", """data: {"n":1}||data: {"n":2}||data: [DONE]||""")]
    [InlineData(
        """{ "Events": [ { "type": "start" }, { "type": "stop", "x": [] } ], "Json": "text" }""",
        "\"text\"", """event: start|data: {"type":"start"}||event: stop|data: {"type":"stop","x":[]}||""")]
    [InlineData("""{ "Json": 1, "Events": [ "plain", "[DONE]" ] }""", "1", "data: plain||data: [DONE]||")]
    [InlineData("""{ "Json": 1, "Events": [ "two\nlines" ] }""", "1", "data: two|data: lines||data: [DONE]||")]
    [InlineData("""{ "Json": 1, "Events": [] }""", "1", "data: [DONE]||")]
    [InlineData(
        """{ "Json": 1, "Events": [], "More": 2 }""",
        """{"Json":1,"Events":[],"More":2}""", """data: {"Json":1,"Events":[],"More":2}||data: [DONE]||""")]
    public void Read_TestAnswer_IsItsJsonAndItsEvents(string configured, string json, string events)
    {
        var surface = Read($$"""{ "Price": { "Credits": 2 }, "Providers": ["alpha"], "TestAnswer": {{configured}} }""", out var errors);

        Assert.Empty(errors);
        Assert.Equal(json, Encoding.UTF8.GetString(surface!.TestAnswer.Json.Span));
        Assert.Equal(events, Events(surface.TestAnswer));
    }

    [Fact]
    public void Canned_PricedByUsage_UsesAThousandOfEachField()
    {
        var surface = Read("""
            { "Price": { "By": "model", "Usage": { "small": { "usage.in": 1, "usage.out": 2 }, "large:x": { "usage.in": 10, "n": 20 } }, "MaxCredits": 99 },
              "Providers": ["alpha", { "Name": "beta", "Price": { "Usage": "usage", "CreditsPerThousand": 1, "MaxCredits": 5 } } ] }
            """, out _)!;

        var json = surface.TestAnswer.Json;
        Assert.EndsWith(",\"n\":1000,\"usage\":{\"in\":1000,\"out\":1000}}", Encoding.UTF8.GetString(json.Span), StringComparison.Ordinal);
        Assert.Equal(3, surface.Quote("""{"model":"small"}"""u8).For("alpha").Charge(json.Span));
        Assert.Equal(30, surface.Quote("""{"model":"large:x"}"""u8).For("alpha").Charge(json.Span));
        Assert.StartsWith("data: {\"test\":true,", Events(surface.TestAnswer), StringComparison.Ordinal);
    }

    [Fact]
    public void Keep_FileWithNamesInOnePart_FindsTheValueAndLeavesTheRest()
    {
        const string File = """
            // a comment
            { "surfaces:chat": { "testanswer": { "x": 1 }, "TestAnswers": { "x": 1 } }, "Other": { "a": { "TestAnswer": [1] } },
              "Surfaces": [ { "TestAnswer": [2] } ] }
            """;

        Assert.Equal(
            File.Replace("\"testanswer\": { \"x\": 1 }", "\"testanswer\": \"{ \\u0022x\\u0022: 1 }\"", StringComparison.Ordinal)
                .Replace("\"TestAnswer\": [2]", "\"TestAnswer\": \"[2]\"", StringComparison.Ordinal),
            Encoding.UTF8.GetString(JsonTexts.Keep(Encoding.UTF8.GetBytes(File))));
        Assert.Equal("{ x", Encoding.UTF8.GetString(JsonTexts.Keep("{ x"u8.ToArray())));
    }

    private static string Events(TestAnswer answer) =>
        string.Concat(answer.Events.Select(one => Encoding.UTF8.GetString(one.Span))).Replace('\n', '|');

    private Surface? Read(string surface, out IReadOnlyList<string> lines)
    {
        var file = Path.Combine(_folder, "gateway.json");
        File.WriteAllText(file, $$"""
            { "ReverseProxy": { "Clusters": {
                "alpha": { "Destinations": { "d": { "Address": "http://127.0.0.1:9101" } } },
                "beta": { "Destinations": { "d": { "Address": "http://127.0.0.1:9102" } } },
                "gamma": { "Destinations": { "d": { "Address": "http://127.0.0.1:9103" } } } } },
              "Surfaces": { "chat": {{surface}} } }
            """);
        var errors = new ConfigurationErrors();
        var catalog = SurfaceCatalogReader.Read(
            new ConfigurationBuilder().Add(new GatewayFileProvider(file)).Build(), errors, _ => null);
        lines = errors.Lines;
        return catalog?.BySlug["chat"];
    }
}
