using System.Text;
using MeteringGateway.Calls.Providers.Connections;

namespace MeteringGateway.Tests.Calls.Providers;

public sealed class ReplayableBodyTests
{
    private static readonly byte[] s_body = Encoding.UTF8.GetBytes("""{"surface":"search"}""");

    /// <summary>YARP's content reads the client's stream, and that can be done once.</summary>
    [Fact]
    public async Task Fill_BodyThatReadsOnce_IsOneThatReadsAgainUnderTheSameHeaders()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:1") { Content = new StreamContent(Stream.Null) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=utf-8");
        request.Content.Headers.ContentLength = s_body.Length;
        var sent = 0;
        ReplayableBody.Attach(request, s_body, _ => sent++);

        ReplayableBody.Fill(request, null!);
        var filled = request.Content;
        ReplayableBody.Fill(request, null!);

        Assert.Equal(2, sent);
        Assert.Same(filled, request.Content);
        Assert.Equal("application/json; charset=utf-8", Assert.Single(filled.Headers.GetValues("Content-Type")));
        Assert.Equal(s_body.Length, filled.Headers.ContentLength);
        for (var send = 0; send < 2; send++)
        {
            using var wire = new MemoryStream();
            await filled.CopyToAsync(wire);
            Assert.Equal(s_body, wire.ToArray());
        }
    }

    [Fact]
    public void Fill_RequestWithoutABody_StaysWithoutOne()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1:1");
        ReplayableBody.Attach(request, s_body, _ => { });

        ReplayableBody.Fill(request, null!);

        Assert.Null(request.Content);
    }

    [Fact]
    public void Fill_RequestOfAnotherKind_IsLeftAsItIs()
    {
        using var content = new StringContent("probe");
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:1") { Content = content };

        ReplayableBody.Fill(request, null!);

        Assert.Same(content, request.Content);
    }
}
