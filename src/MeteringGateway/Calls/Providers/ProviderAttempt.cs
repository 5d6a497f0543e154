using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Bounds;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace MeteringGateway.Calls.Providers;

/// <summary>
/// One try at one provider: what goes out through YARP's forwarder, and what is kept of what comes back.
/// Headers go through allow-lists both ways, and the answer is held here, not copied to the client: it may still be replaced.
/// </summary>
internal sealed class ProviderAttempt(
    Provider provider, DestinationConfig destination, ProviderAddresses addresses, BodyLease lease, string requestId, TimeProvider time)
    : HttpTransformer
{
    /// <summary>
    /// The largest answer that is held back, before it is unpacked and after. Beyond it the attempt counts as a bad response.
    /// </summary>
    public const int MaxAnswerBytes = 16 * 1024 * 1024;

    private long _received;

    /// <summary>The status line that arrived; null: none did.</summary>
    public int? Status { get; private set; }

    /// <summary>The answer, once its body was whole; null before, and where it broke off.</summary>
    public ProviderAnswer? Answer { get; private set; }

    /// <summary>The gateway had no memory to hold the answer.</summary>
    public bool IsOverloaded { get; private set; }

    /// <summary>The answer was larger than this gateway holds back: its own bound, which is no fault of the provider.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>How long the provider asks not to be called again.</summary>
    public TimeSpan? RetryAfter { get; private set; }

    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        proxyRequest.RequestUri = addresses.Of(destinationPrefix, provider.Path, httpContext.Request.Path);
        var headers = proxyRequest.Headers;
        if (!string.IsNullOrEmpty(destination.Host))
        {
            headers.Host = destination.Host;
        }

        headers.TryAddWithoutValidation("Accept", SentHeaders.Accept(httpContext.Request.Headers.Accept));

        // Without a word about it a server may compress: RFC 9110, 12.5.3.
        headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        headers.TryAddWithoutValidation("User-Agent", "metering-gateway");
        headers.TryAddWithoutValidation("X-Request-Id", requestId);
        foreach (var (name, value) in provider.Headers)
        {
            headers.Remove(name);
            headers.TryAddWithoutValidation(name, value);
        }

        return ValueTask.CompletedTask;
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
        {
            return false;
        }

        Status = (int)proxyResponse.StatusCode;
        RetryAfter = Calls.Providers.RetryAfter.Read(proxyResponse, time.GetUtcNow());
        try
        {
            var (status, whole) = await BodyBuffer.ReadAsync(proxyResponse.Content, MaxAnswerBytes, lease, cancellationToken);
            (IsOverloaded, IsTooLarge) = (status == BodyStatus.Overloaded, status == BodyStatus.TooLarge);
            if (status == BodyStatus.Whole)
            {
                Keep(proxyResponse, whole);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            IsOverloaded = BufferBudget.IsExhausted(e);

            // Broke off, or ran out of time: Answer stays null and the chain looks at the clock to tell which.
        }

        return false;
    }

    /// <summary>
    /// What is unpacked takes more memory than what was received, and while it grows and is copied it is there twice: all of it counts.
    /// </summary>
    private void Keep(HttpResponseMessage response, ReadOnlyMemory<byte> received)
    {
        _received = received.Length;
        Answer = AnswerReader.Read(provider.Name, response, received, MaxAnswerBytes, HasRoom);
        lease.TryKeepAnswer(Answer?.Body.Length ?? 0);
    }

    private bool HasRoom(long unpacked)
    {
        IsOverloaded |= !lease.TryKeepAnswer(_received + (2 * unpacked));
        return !IsOverloaded;
    }
}
