using System.Net;
using System.Text.Json;
using MeteringGateway.Telemetry;
using Microsoft.Extensions.Options;
using Stripe;

namespace MeteringGateway.Sales.Payments.Stripe;

/// <summary>What came of a call: an answer, Stripe's own refusal, or neither, where nobody knows what it did there.</summary>
internal readonly record struct StripeAnswer<T>(T? Value, StripeError? Refusal)
    where T : class
{
    /// <summary>Something that the call names is not there.</summary>
    public bool IsMissing => Refusal?.Code == StripeApi.ResourceMissing;

    public bool IsMissingCustomer => IsMissing && Refusal?.Param == "customer";
}

/// <summary>
/// Calls Stripe. Nothing is retried: the caller looks a payment up instead, for Stripe keeps the first answer to an idempotency key, errors
/// included. Of a refusal its codes are logged, never its text. Any number of callers at once.
/// </summary>
internal sealed class StripeApi : IDisposable
{
    public const string ResourceMissing = "resource_missing";
    public const string CardError = "card_error";

    /// <summary>Stripe answers a charge within a few seconds; a bank that needs longer is found by a look-up.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http;
    private readonly Lazy<V1Services> _client;
    private readonly PaymentMetrics _metrics;
    private readonly ILogger<StripeApi> _logger;

    /// <param name="options">Its key and address.</param>
    /// <param name="metrics">For what came of each call.</param>
    /// <param name="logger">For what Stripe refuses.</param>
    /// <param name="patience">For an answer; null: fifteen seconds.</param>
    public StripeApi(IOptions<StripeOptions> options, PaymentMetrics metrics, ILogger<StripeApi> logger, TimeSpan? patience = null)
    {
        (_metrics, _logger) = (metrics, logger);
        IsOpen = options.Value.IsOpen;
        PageOrigins = options.Value.PageOrigins;
        // No redirects: the key would follow them.
        var handler =
            new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        _http = new HttpClient(handler) { Timeout = patience ?? s_longest };
        _client = new Lazy<V1Services>(() => new StripeClient(new StripeClientOptions
        {
            ApiKey = options.Value.ApiKey,
            ApiBase = options.Value.ApiBase.TrimEnd('/'),
            HttpClient = new SystemNetHttpClient(_http, maxNetworkRetries: 0, appInfo: null, enableTelemetry: false),
        }).V1);
    }

    public bool IsOpen { get; }

    public IReadOnlyList<string> PageOrigins { get; }

    public static RequestOptions Under(string key) => new() { IdempotencyKey = key };

    /// <param name="operation">For the log and the metric: what is asked.</param>
    /// <param name="call">One request.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<StripeAnswer<T>> AskAsync<T>(
        string operation, Func<V1Services, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var answer = new StripeAnswer<T>(await call(_client.Value, cancellationToken), null);
            Count(operation, "ok");
            return answer;
        }
        catch (StripeException refused) when (IsFinal(refused))
        {
            Log(operation, refused);
            Count(operation, WordFor(refused));
            return new StripeAnswer<T>(null, refused.StripeError);
        }
        catch (Exception lost) when (IsLost(lost, cancellationToken))
        {
            Log(operation, lost);
            // A credential that is wrong is no outage, and stays wrong.
            Count(operation, lost is StripeException { HttpStatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden }
                ? "refused"
                : "unavailable");
            return default;
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Whether a call's answer was lost, rather than that the caller left. Stripe.net falls over an answer null.</summary>
    private static bool IsLost(Exception error, CancellationToken cancellationToken) =>
        error is StripeException or HttpRequestException or IOException or JsonException or NullReferenceException
        || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private void Count(string operation, string outcome) => _metrics.ProviderAsked(StripeWebhook.Name, operation, outcome);

    /// <summary>That a thing is gone is an answer like another; what a card is refused for is its customer's business.</summary>
    private static string WordFor(StripeException refused) =>
        refused.StripeError.Type == CardError ? "declined" : refused.HttpStatusCode == HttpStatusCode.NotFound ? "ok" : "refused";

    private void Log(string operation, Exception error)
    {
        if (error is StripeException { StripeError: { } said } refused)
        {
            // A card that is declined is its customer's business.
            _logger.Log(
                said.Type == CardError ? LogLevel.Information : LogLevel.Warning,
                "Stripe refuses {Operation} with {Status}: {Type} {Code} {Param}, request {Request}",
                operation, (int)refused.HttpStatusCode, Plain(said.Type), Plain(said.Code), Plain(said.Param),
                Plain(refused.StripeResponse?.RequestId));
        }
        else
        {
            _logger.LogWarning(
                "Stripe can't be asked for {Operation}: {Reason} {Status}",
                operation, error.GetType().Name, (int?)(error as StripeException)?.HttpStatusCode);
        }
    }

    /// <summary>
    /// It was refused, and nothing was done. Not so where the key is in use or was used for something else (then something was done under
    /// it), nor for a credential or a rate that another attempt may find better.
    /// </summary>
    private static bool IsFinal(StripeException refused) =>
        (int)refused.HttpStatusCode is 400 or 402 or 404 && refused.StripeError is { Type: not null and not "idempotency_error" };

    private static string Plain(string? text) => text is null ? "-" : EventJson.IsId(text) ? text : "?";
}
