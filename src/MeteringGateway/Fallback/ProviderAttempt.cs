using System.Net;
using System.Text.Json;
using System.Text.Unicode;
using MeteringGateway.Edge;
using MeteringGateway.Surfaces;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Forwarder;

namespace MeteringGateway.Fallback;

/// <summary>
/// One try at one provider: what goes out through YARP's forwarder, and what is kept of what comes back.
/// Headers go through allow-lists both ways, and the answer is held here, not copied to the client: it may still be replaced.
/// </summary>
internal sealed class ProviderAttempt(Provider provider, ReadOnlyMemory<byte> body, string requestId, CancellationToken deadline) : HttpTransformer
{
    /// <summary>The largest answer that is held back. Beyond it the attempt counts as a bad response.</summary>
    public const int MaxAnswerBytes = 16 * 1024 * 1024;

    private static readonly string[] s_answerHeaders = ["Content-Type", "Content-Encoding", "Content-Language", "Content-Disposition", "Cache-Control", "Expires", "ETag", "Last-Modified"];
    private static readonly JsonReaderOptions s_json = new() { MaxDepth = 512 };

    /// <summary>What the destination wants to be called by; null: the host of its address.</summary>
    public string? Host { get; init; }

    /// <summary>The status line that arrived; null: none did.</summary>
    public int? Status { get; private set; }

    /// <summary>The answer, once its body was whole; null before, and where it broke off.</summary>
    public ProviderAnswer? Answer { get; private set; }

    /// <summary>The gateway had no memory to hold the answer.</summary>
    public bool IsOverloaded { get; private set; }

    public override ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        proxyRequest.RequestUri = RequestUtilities.MakeDestinationAddress(destinationPrefix, provider.Path ?? httpContext.Request.Path, QueryString.Empty);
        proxyRequest.Headers.Host = Host;
        proxyRequest.Headers.TryAddWithoutValidation("Accept", Accept(httpContext.Request.Headers.Accept));
        proxyRequest.Headers.TryAddWithoutValidation("User-Agent", "metering-gateway");
        proxyRequest.Headers.TryAddWithoutValidation("X-Request-Id", requestId);
        if (proxyRequest.Content is { } content)
        {
            content.Headers.ContentLength = body.Length;
            content.Headers.TryAddWithoutValidation("Content-Type", httpContext.Request.ContentType);
        }

        foreach (var (name, value) in provider.Headers)
        {
            proxyRequest.Headers.Remove(name);
            proxyRequest.Headers.TryAddWithoutValidation(name, value);
        }

        return ValueTask.CompletedTask;
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
        {
            return false;
        }

        Status = (int)proxyResponse.StatusCode;
        try
        {
            var (status, whole) = await BodyBuffer.ReadAsync(proxyResponse.Content, MaxAnswerBytes, BodyLease.Of(httpContext), deadline);
            IsOverloaded = status == BodyStatus.Overloaded;
            if (status == BodyStatus.Whole)
            {
                Answer = Keep(proxyResponse, whole);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // Broke off, or ran out of time: Answer stays null and the chain looks at the clock to tell which.
        }

        return false;
    }

    private ProviderAnswer? Keep(HttpResponseMessage response, ReadOnlyMemory<byte> whole)
    {
        var saysJson = SaysJson(response.Content.Headers.ContentType?.MediaType);
        var isJson = saysJson && IsJson(whole.Span);
        var isWhole = IsFramed(response) || (isJson && ShowsItsEnd(whole.Span));
        if (response.IsSuccessStatusCode && (!isWhole || (saysJson && !isJson)))
        {
            return null;
        }

        var headers = new List<KeyValuePair<string, string>>();
        foreach (var name in s_answerHeaders)
        {
            if ((response.Content.Headers.NonValidated.TryGetValues(name, out var values) || response.Headers.NonValidated.TryGetValues(name, out values))
                && values.ToString() is var value && !value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                // Only what the server can send on: it would refuse a file name in Latin-1 when the call is charged already.
                headers.Add(new(name, value));
            }
        }

        return new ProviderAnswer { Provider = provider.Name, Status = (int)response.StatusCode, Body = whole, IsJson = isJson, Headers = headers };
    }

    /// <summary>HTTP/1 lets a body end with its connection, and then one that was cut looks like a whole one.</summary>
    private static bool IsFramed(HttpResponseMessage response) =>
        response.Version.Major > 1
        || response.Content.Headers.ContentLength is not null
        || response.Headers.TransferEncodingChunked == true
        || response.StatusCode == HttpStatusCode.NoContent;

    /// <summary>What is JSON would not be if it were cut, but for a number alone.</summary>
    private static bool ShowsItsEnd(ReadOnlySpan<byte> json) => !char.IsAsciiDigit((char)json.TrimEnd(" \t\r\n"u8)[^1]);

    /// <summary>What the client says it reads; without a word, JSON.</summary>
    private static string Accept(StringValues accept) => StringValues.IsNullOrEmpty(accept) ? "application/json" : accept.ToString();

    private static bool SaysJson(string? mediaType) =>
        mediaType is not null
        && (mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        // The reader looks at the bytes of a text only when it is asked for that text.
        if (!Utf8.IsValid(text))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(text, s_json);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
