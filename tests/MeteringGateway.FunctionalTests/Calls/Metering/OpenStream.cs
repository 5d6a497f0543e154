using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace MeteringGateway.FunctionalTests.Calls.Metering;

/// <summary>A client that reads an answer as it comes.</summary>
internal sealed class OpenStream : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private readonly StringBuilder _read = new();
    private HttpResponseMessage? _response;
    private Stream? _body;

    public HttpResponseMessage Response => _response!;
    public string Read => _read.ToString();
    public string RequestId => Header("X-Request-Id")!;

    /// <summary>Returns with the head of the answer.</summary>
    public static async Task<OpenStream> BeginAsync(
        Uri gateway, string key, string body, string path = "api/v1/query", params (string Name, string Value)[] headers)
    {
        var stream = new OpenStream();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, path))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            Version = HttpVersion.Version11,
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        stream._response = await stream._client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        stream._body = await stream._response.Content.ReadAsStreamAsync();
        return stream;
    }

    public string? Header(string name) =>
        Response.Headers.TryGetValues(name, out var values) || Response.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    /// <summary>Reads on until that much text is there.</summary>
    public async Task ReadToAsync(string text)
    {
        var buffer = new byte[16 * 1024];
        while (!Read.Contains(text, StringComparison.Ordinal))
        {
            var read = await _body!.ReadAsync(buffer);
            if (read == 0)
            {
                throw new InvalidOperationException($"The answer ended before '{text}': {Read}");
            }

            _read.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
    }

    /// <summary>Reads to the end. False: the connection was cut first.</summary>
    public async Task<bool> ReadToEndAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await _body!.ReadAsync(buffer) is var read and > 0)
            {
                _read.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }

            return true;
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _response?.Dispose();
        _client.Dispose();
    }
}
