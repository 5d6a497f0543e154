using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Http.Authentication;

internal enum IntrospectionStatus
{
    Active,
    Inactive,

    /// <summary>The provider is away or answers what RFC 7662 does not know: nobody can tell.</summary>
    Unavailable,
}

internal readonly record struct IntrospectionReply(IntrospectionStatus Status, TokenClaims? Claims);

/// <summary>
/// Asks the identity provider about a token (RFC 7662) and remembers the answer for a short while, never beyond the token's own end.
/// Any number of callers at once.
/// </summary>
internal sealed class TokenIntrospection : IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;

    /// <summary>Short, for a token may be activated; long enough that one bad client does not become the provider's.</summary>
    private static readonly TimeSpan InactiveFor = TimeSpan.FromSeconds(5);

    // Tokens that are no good have a cache of their own, so that a flood of them can't push out real ones.
    private readonly GenerationCache<Entry> _active = new(50_000);
    private readonly GenerationCache<Entry> _inactive = new(10_000);

    // A flood of made-up tokens must not become a flood at the provider.
    private readonly SemaphoreSlim _gate = new(16);
    private readonly OAuthOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<TokenIntrospection> _logger;
    private readonly HttpClient _client;

    public TokenIntrospection(IOptions<OAuthOptions> options, TimeProvider time, ILogger<TokenIntrospection> logger)
    {
        (_options, _time, _logger) = (options.Value, time, logger);
        // No redirects: the token would follow them.
        var handler =
            new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        _client = new HttpClient(handler) { Timeout = _options.Timeout, MaxResponseContentBufferSize = MaxAnswerBytes };
    }

    public bool IsOn => _options.IsOn;

    public async Task<IntrospectionReply> AskAsync(string token, CancellationToken cancellationToken)
    {
        var hash = SecretHash.OfText(token);
        var now = _time.GetUtcNow();
        if (_active.TryGet(hash, out var known) && now < known.Until)
        {
            return new IntrospectionReply(IntrospectionStatus.Active, known.Claims);
        }

        if (_inactive.TryGet(hash, out var refused) && now < refused.Until)
        {
            return new IntrospectionReply(IntrospectionStatus.Inactive, null);
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            return Remember(hash, await SendAsync(token, cancellationToken));
        }
        catch (Exception e) when (e is HttpRequestException or JsonException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            _logger.LogWarning("The identity provider can't be asked: {Reason}", e.Message);
            return new IntrospectionReply(IntrospectionStatus.Unavailable, null);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _gate.Dispose();
    }

    private async Task<IntrospectionReply> SendAsync(string token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _options.IntrospectionEndpoint);
        request.Headers.Authorization = Basic(_options.ClientId!, _options.ClientSecret!);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Content = new FormUrlEncodedContent([new("token", token), new("token_type_hint", "access_token")]);
        using var response = await _client.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            // 401 means that our own secret is wrong, which the token's bearer can't help.
            _logger.LogWarning("The identity provider answers {Status} to an introspection", (int)response.StatusCode);
            return new IntrospectionReply(IntrospectionStatus.Unavailable, null);
        }

        using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        if (!TokenClaims.TryRead(answer.RootElement, _options.Audience, _options.TrustEmails, _time.GetUtcNow(), out var claims))
        {
            _logger.LogWarning("The identity provider's answer to an introspection is not one of RFC 7662");
            return new IntrospectionReply(IntrospectionStatus.Unavailable, null);
        }

        return new IntrospectionReply(claims is null ? IntrospectionStatus.Inactive : IntrospectionStatus.Active, claims);
    }

    private IntrospectionReply Remember(SecretHash hash, IntrospectionReply reply)
    {
        var now = _time.GetUtcNow();
        if (reply.Status == IntrospectionStatus.Active)
        {
            var until = now + _options.CacheFor;
            _active.Set(hash, new Entry(reply.Claims, reply.Claims!.ExpiresAt is { } end && end < until ? end : until));
        }
        else if (reply.Status == IntrospectionStatus.Inactive)
        {
            _active.Remove(hash);
            _inactive.Set(hash, new Entry(null, now + InactiveFor));
        }

        return reply;
    }

    // RFC 6749, 2.3.1: both are form-encoded before they are joined.
    private static AuthenticationHeaderValue Basic(string id, string secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}")));

    private readonly record struct Entry(TokenClaims? Claims, DateTimeOffset Until);
}
