using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace MeteringGateway.FunctionalTests.Calls.Providers;

/// <summary>A metered call as bytes, for what a client library would not send.</summary>
internal static class RawQuery
{
    private const string Body = """{"surface":"search"}""";

    public static async Task<string> SendAsync(ProvidersGateway gateway, string header, string contentType = "application/json")
    {
        var request = string.Create(CultureInfo.InvariantCulture, $"""
            POST /api/v1/query HTTP/1.1
            Host: gateway.example
            Authorization: Bearer {gateway.Key}
            {header}
            Content-Type: {contentType}
            Content-Length: {Body.Length}
            Connection: close


            """).ReplaceLineEndings("\r\n") + Body;
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", gateway.Process.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    public static HttpRequestMessage Request(ProvidersGateway gateway) => new(HttpMethod.Post, "api/v1/query")
    {
        Headers = { { "Authorization", "Bearer " + gateway.Key } },
        Content = new StringContent(Body, Encoding.UTF8, "application/json"),
    };
}
