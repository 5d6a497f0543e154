using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using MeteringGateway.Http.Requests;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Accounts.Notices;

/// <summary>Sends one notice to one URL. Any number of callers at once.</summary>
internal sealed class WebhookClient : IDisposable
{
    public const string TimestampHeader = "X-Metering-Timestamp";
    public const string SignatureHeader = "X-Metering-Signature";
    public const string EventHeader = "X-Metering-Event";
    private readonly HttpClient _http;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    public WebhookClient(WebhookTarget target, IOptions<NoticesOptions> options, TimeProvider time)
    {
        // No redirects and no proxy: both would go where nobody has looked. The connections are checked where they are made,
        // and do not live long.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            MaxResponseHeadersLength = 16,
            ConnectCallback = target.ConnectAsync,
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _timeout = options.Value.Timeout;
        _time = time;
    }

    /// <summary>Null when the receiver took it, else why not.</summary>
    public async Task<string?> SendAsync(string url, string secret, NoticeView notice, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(notice, WireJson.Options);
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(EventHeader, notice.Id.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(TimestampHeader, timestamp);
        request.Headers.Add(SignatureHeader, "sha256=" + WebhookSecret.Sign(secret, timestamp, body));

        using var patience = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            // The answer's body is never read: it is nobody's, and could be without end.
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return answer.IsSuccessStatusCode ? null : $"The receiver answered {(int)answer.StatusCode}.";
        }
        catch (HttpRequestException e)
        {
            // The innermost says what went wrong; those around it only where.
            return e.GetBaseException().Message;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"No answer within {_timeout.TotalSeconds:0.###} seconds.");
        }
    }

    public void Dispose() => _http.Dispose();
}
