using System.Net;
using System.Text;
using MeteringGateway.Calls.Providers;

namespace MeteringGateway.Tests.Calls.Providers;

public sealed class AnswerReaderTests
{
    private const string Json = "application/json";

    [Theory]
    [InlineData(Json, """{"a":1}""", true)]
    [InlineData(Json, "[1, 2]", true)]
    [InlineData(Json, """{"a":1""", false)]
    [InlineData(Json, """{"a":1} x""", false)]
    [InlineData(Json, "", false)]
    [InlineData("application/problem+json", "{", false)]
    [InlineData("text/html", "<html>", true)]
    [InlineData("", "anything", true)]
    public void Read_Success_IsAnAnswerOnlyWhereItIsTheJsonItSays(string type, string body, bool isAnswer)
    {
        var answer = Read(Response(200, type), body);

        Assert.Equal(isAnswer, answer is not null);
        Assert.Equal(isAnswer && type == Json, answer is { IsJson: true });
    }

    /// <summary>The status of a refusal counts even where nobody can read its body; it is then no JSON.</summary>
    [Theory]
    [InlineData(400)]
    [InlineData(503)]
    public void Read_RefusalWithABrokenBody_KeepsItsStatus(int status)
    {
        Assert.Equal((status, false), Facts(Read(Response(status, Json), "{")));
        Assert.Equal((status, true), Facts(Read(Response(status, Json), "{}")));
        Assert.Equal((status, false), Facts(Read(Response(status, Json, coding: "zstd"), "{}")));
    }

    [Fact]
    public void Read_SuccessWhoseCodingNobodyKnows_IsNoAnswer() => Assert.Null(Read(Response(200, "text/plain", coding: "zstd"), "text"));

    /// <summary>Without a length and without chunks, only JSON that closes what it has opened shows that nothing was cut off.</summary>
    [Theory]
    [InlineData(Json, """{"a":1}""", true)]
    [InlineData(Json, "[1] \r\n", true)]
    [InlineData(Json, "\"text\"", true)]
    [InlineData(Json, "true", true)]
    [InlineData(Json, "12", false)]
    [InlineData(Json, "12 ", false)]
    [InlineData("text/plain", "all of it?", false)]
    public void Read_BodyThatEndsWithItsConnection_IsWholeOnlyWhereItShowsItsEnd(string type, string body, bool isAnswer)
    {
        Assert.Equal(isAnswer, Read(Response(200, type, isFramed: false), body) is not null);

        var overHttp2 = Response(200, type, isFramed: false);
        overHttp2.Version = HttpVersion.Version20;
        Assert.NotNull(Read(overHttp2, body));
    }

    [Fact]
    public void Read_InvalidUtf8InsideOfAText_IsNoJson()
    {
        byte[] damaged = [(byte)'"', 0xff, (byte)'"'];

        Assert.Null(AnswerReader.Read("alpha", Response(200, Json), damaged, 100, inEnvelope: true, _ => true));
    }

    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public void Read_NestedJson_IsReadToItsBound(int depth, bool isAnswer) =>
        Assert.Equal(isAnswer, Read(Response(200, Json), new string('[', depth) + new string(']', depth)) is not null);

    [Theory]
    [InlineData(204, true)]
    [InlineData(205, true)]
    [InlineData(200, false)]
    public void Read_NoBody_IsAnAnswerOnlyWhereTheStatusHasNone(int status, bool isAnswer)
    {
        var answer = Read(Response(status, Json), "");

        Assert.Equal(isAnswer, answer is not null);
        Assert.True(answer is null || (answer.Body.IsEmpty && !answer.IsJson && answer.Headers.Count == 0));
    }

    /// <summary>What describes the body goes on, as far as a header of ours can carry it; a provider's cookie does not.</summary>
    [Fact]
    public void Read_Headers_AreThoseOfTheBodyAlone()
    {
        var response = Response(200, "text/csv");
        response.Content.Headers.TryAddWithoutValidation("Content-Disposition", "attachment; filename=\"a.csv\"");
        response.Content.Headers.TryAddWithoutValidation("Content-Language", "français");
        response.Headers.TryAddWithoutValidation("ETag", "\"1\"");
        response.Headers.TryAddWithoutValidation("Set-Cookie", "a=b");
        response.Headers.TryAddWithoutValidation("Server", "alpha/1");

        Assert.Equal(
            ["Content-Type: text/csv", "Content-Disposition: attachment; filename=\"a.csv\"", "ETag: \"1\""],
            Read(response, "a,b")!.Headers.Select(header => $"{header.Key}: {header.Value}"));
    }

    private static ProviderAnswer? Read(HttpResponseMessage response, string body) =>
        AnswerReader.Read("alpha", response, Encoding.UTF8.GetBytes(body), 10_000, inEnvelope: true, _ => true);

    private static (int Status, bool IsJson) Facts(ProviderAnswer? answer) => (answer!.Status, answer.IsJson);

    private static HttpResponseMessage Response(int status, string type, bool isFramed = true, string? coding = null)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status)
        {
            Version = HttpVersion.Version11,
            Content = new StreamContent(new Unsized())
        };
        if (isFramed)
        {
            response.Headers.TransferEncodingChunked = true;
        }

        response.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (coding is not null)
        {
            response.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        }

        return response;
    }

    /// <summary>A stream that can't be measured: a content would say the length of one that can.</summary>
    private sealed class Unsized : MemoryStream
    {
        public override bool CanSeek => false;
    }
}
