using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MeteringGateway.Load.Streams;
using MeteringGateway.Scenarios.Model;

namespace MeteringGateway.Scenarios.Targets;

/// <summary>The calls that steps make, and what their answers say of the charge. Any number of callers at once.</summary>
internal sealed class GatewayCalls(HttpClient client, string surface)
{
    private const string Json = "application/json";
    private const int PieceBytes = 16 * 1024;

    /// <summary>Longer than any call of the local stack; one that takes longer is lost.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>The surface that calls go to unless a step names another.</summary>
    public string Surface => surface;

    public static HttpClient Client(Uri gateway, int mostOpen) =>
        new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, MaxConnectionsPerServer = mostOpen, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(gateway.GetLeftPart(UriPartial.Authority)),
            Timeout = s_patience,
        };

    /// <summary>One metered call, its answer read whole.</summary>
    /// <param name="idempotencyKey">Null: none.</param>
    public Task<Response> QueryAsync(
        string key, CancellationToken cancellation, string? to = null, string? idempotencyKey = null) =>
        TellAsync(async () =>
        {
            var body = $$"""{"surface":"{{to ?? surface}}","query":"what is a hold?"}""";
            using var request = Request(key, body);
            if (idempotencyKey is not null)
            {
                request.Headers.Add("Idempotency-Key", idempotencyKey);
            }

            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
            return await ReadAsync(answer, cancellation);
        });

    /// <summary>One streamed call of a surface whose price is a credit a token, so that the usage that it shows is what it costs.</summary>
    public Task<Response> StreamAsync(string key, StreamOrder order, CancellationToken cancellation) =>
        TellAsync(async () =>
        {
            using var request = Request(key, Encoding.UTF8.GetString(order.ToBody()));
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                return await ReadAsync(answer, cancellation);
            }

            var (tally, first) = (new StreamTally(), 0L);
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            var buffer = new byte[PieceBytes];
            while (await body.ReadAsync(buffer, cancellation) is var read and > 0)
            {
                first = first == 0 ? Stopwatch.GetTimestamp() : first;
                tally.Add(buffer.AsSpan(0, read));
            }

            return new Response(tally.HasLastEvent ? Response.Charged : Response.Wrong, order.Tokens, RequestId(answer))
            {
                Provider = Header(answer, "X-Provider"),
                FirstByteAt = first,
            };
        });

    /// <summary>A connection that ends before its answer: nobody knows whether the call was charged.</summary>
    private static async Task<Response> TellAsync(Func<Task<Response>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or OperationCanceledException)
        {
            return new Response(Response.Lost);
        }
    }

    private static HttpRequestMessage Request(string key, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/query") { Content = new StringContent(body, Encoding.UTF8, Json) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return request;
    }

    private static async Task<Response> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.IsSuccessStatusCode)
        {
            if (answer.Headers.Contains("Idempotent-Replayed"))
            {
                return new Response(Response.Replayed, 0, RequestId(answer));
            }

            return long.TryParse(Header(answer, "X-Credits-Charged"), CultureInfo.InvariantCulture, out var credits)
                ? new Response(Response.Charged, credits, RequestId(answer)) { Provider = Header(answer, "X-Provider") }
                : new Response(Response.Wrong, 0, RequestId(answer));
        }

        return new Response(CodeOf(answer, await answer.Content.ReadAsStringAsync(cancellation)), 0, RequestId(answer));
    }

    /// <summary>The problem document's <c>code</c>; where there is none, the status.</summary>
    private static string CodeOf(HttpResponseMessage answer, string body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            if (problem.RootElement.ValueKind == JsonValueKind.Object && problem.RootElement.TryGetProperty("code", out var code)
                && code.ValueKind == JsonValueKind.String)
            {
                return code.GetString()!;
            }
        }
        catch (JsonException)
        {
            // Something before the gateway answered, or the server itself: the status is all that it says.
        }

        return string.Create(CultureInfo.InvariantCulture, $"http_{(int)answer.StatusCode}");
    }

    private static Guid? RequestId(HttpResponseMessage answer) =>
        Guid.TryParseExact(Header(answer, "X-Request-Id"), "N", out var id) ? id : null;

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
