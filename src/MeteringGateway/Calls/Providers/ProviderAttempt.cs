using MeteringGateway.Calls.Pricing.Usage;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Bounds;
using MeteringGateway.Telemetry;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace MeteringGateway.Calls.Providers;

/// <summary>
/// One try at one provider: what goes out through YARP's forwarder, and what is kept of what comes back.
/// Headers go through lists both ways. An answer is held here, for it may still be replaced; one that goes out as it comes is handed on
/// with its first byte, and its end is awaited here.
/// </summary>
/// <param name="taker">Sends an answer on as it comes, and tells how it ended. It throws nothing that an answer can bring about.</param>
internal sealed class ProviderAttempt(
    Provider provider, DestinationConfig destination, ProviderAddresses addresses, BodyLease lease, string requestId, TimeProvider time,
    Surface surface, ProviderRequest request, long held, StreamStop stop, Func<StreamedAnswer, ProviderAttempt, Task<StreamEnd>> taker)
    : HttpTransformer
{
    /// <summary>What a packed answer may unpack to; beyond it the attempt counts as a bad response.</summary>
    public const int MaxAnswerBytes = 16 * 1024 * 1024;

    private long _received;

    /// <summary>The provider is told of the trace (<see cref="TracingOptions.PassToProviders"/>).</summary>
    public bool PassesTrace { get; init; }

    /// <summary>The status line that arrived; null: none did.</summary>
    public int? Status { get; private set; }

    /// <summary>The answer, once its body was whole; null before, and where it broke off.</summary>
    public ProviderAnswer? Answer { get; private set; }

    /// <summary>How an answer ended that was handed on; null: none was.</summary>
    public StreamEnd? Streamed { get; private set; }

    /// <summary>The gateway had no memory to hold the answer.</summary>
    public bool IsOverloaded { get; private set; }

    /// <summary>A refusal was larger than this gateway holds back: its own bound, which is no fault of the provider.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>How long the provider asks not to be called again.</summary>
    public TimeSpan? RetryAfter { get; private set; }

    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        // What clients spell is not kept: it would take the places of the providers' own paths.
        proxyRequest.RequestUri = request.Target is { } target
            ? ProviderPath.Under(destinationPrefix, target)
            : addresses.Of(destinationPrefix, provider.Path, httpContext.Request.Path);
        var headers = proxyRequest.Headers;
        if (!string.IsNullOrEmpty(destination.Host))
        {
            headers.Host = destination.Host;
        }

        if (request.Target is not null)
        {
            SentHeaders.Pass(httpContext.Request.Headers, (name, value) => headers.TryAddWithoutValidation(name, value));
        }
        else
        {
            headers.TryAddWithoutValidation("Accept", SentHeaders.Accept(httpContext.Request.Headers.Accept));
            headers.TryAddWithoutValidation("User-Agent", "metering-gateway");
            SentHeaders.Pass(
                httpContext.Request.Headers, surface.PassHeaders, (name, value) =>
                {
                    headers.Remove(name);
                    headers.TryAddWithoutValidation(name, value);
                });
        }

        // Without a word about it a server may compress: RFC 9110, 12.5.3.
        headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        headers.TryAddWithoutValidation("X-Request-Id", requestId);
        if (PassesTrace)
        {
            CallTrace.Pass(httpContext.Request.Headers, headers);
        }

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
            await using var body = await proxyResponse.Content.ReadAsStreamAsync(cancellationToken);
            await TakeAsync(proxyResponse, body, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or OperationCanceledException)
        {
            IsOverloaded = BufferBudget.IsExhausted(e);

            // Broke off, or ran out of time: Answer stays null and the chain looks at the clock to tell which.
        }

        return false;
    }

    private async ValueTask TakeAsync(HttpResponseMessage response, Stream body, CancellationToken cancellationToken)
    {
        var isSuccess = response.IsSuccessStatusCode && !surface.FallbackStatuses.Contains((int)response.StatusCode);
        var shape = StreamOpening.ShapeOf(response);
        if (isSuccess && StreamOpening.IsSaid(response, shape, held))
        {
            await HandOnAsync(response, shape, body, default, cancellationToken);
            return;
        }

        var (status, received) = await BodyBuffer.ReadAsync(
            body, response.Content.Headers.ContentLength, (int)held, lease, cancellationToken);
        switch (status)
        {
            case BodyStatus.Whole:
                Keep(response, received);
                break;
            case BodyStatus.TooLarge when isSuccess:
                await HandOnAsync(response, shape, body, received, cancellationToken);
                break;
            case BodyStatus.TooLarge:
                IsTooLarge = true;
                break;
            case BodyStatus.Overloaded:
                IsOverloaded = true;
                break;
        }
    }

    private async ValueTask HandOnAsync(
        HttpResponseMessage response, AnswerShape shape, Stream body, ReadOnlyMemory<byte> beginning, CancellationToken cancellationToken)
    {
        if (await StreamOpening.OpenAsync(provider.Name, response, shape, body, beginning, cancellationToken) is not { } opened)
        {
            return;
        }

        await using var unpacked = opened.Rest;
        if (stop.Ended.IsCancellationRequested)
        {
            // Nothing of it could be sent on any more, and nothing has been: the call is refused as one for which there is no room.
            IsOverloaded = true;
            return;
        }

        // From here on no other provider can be tried, whatever happens.
        Streamed = StreamEnd.BrokeOff;
        Streamed = await taker(opened, this);
    }

    /// <summary>
    /// What is unpacked takes more memory than what was received, and while it grows and is copied it is there twice: all of it counts.
    /// </summary>
    private void Keep(HttpResponseMessage response, ReadOnlyMemory<byte> received)
    {
        _received = received.Length;
        Answer = AnswerReader.Read(
            provider.Name, response, received, MaxAnswerBytes, inEnvelope: request.Target is null, HasRoom);
        lease.TryKeepAnswer(Answer?.Body.Length ?? 0);
    }

    private bool HasRoom(long unpacked)
    {
        IsOverloaded |= !lease.TryKeepAnswer(_received + (2 * unpacked));
        return !IsOverloaded;
    }
}
