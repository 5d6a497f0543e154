using System.Text;
using MeteringGateway.Calls.Providers.Connections;

namespace MeteringGateway.Tests.Calls.Providers;

public sealed class AttemptClientTests
{
    private static readonly byte[] s_body = Encoding.UTF8.GetBytes("""{"surface":"search"}""");

    /// <summary>YARP's content reads the client's stream, and that can be done once.</summary>
    [Fact]
    public async Task Fill_BodyThatReadsOnce_IsOneThatReadsAgainUnderItsType()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:1") { Content = new StreamContent(Stream.Null) };

        AttemptClient.Fill(request, s_body, [new("Content-Type", "application/json; charset=utf-8")]);

        Assert.Equal("application/json; charset=utf-8", Assert.Single(request.Content.Headers.GetValues("Content-Type")));
        Assert.Equal(s_body.Length, request.Content.Headers.ContentLength);
        for (var send = 0; send < 2; send++)
        {
            using var wire = new MemoryStream();
            await request.Content.CopyToAsync(wire);
            Assert.Equal(s_body, wire.ToArray());
        }
    }

    [Fact]
    public void Fill_RequestWithoutABody_StaysWithoutOne()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1:1");

        AttemptClient.Fill(request, s_body, [new("Content-Type", "application/json")]);

        Assert.Null(request.Content);
    }
}
