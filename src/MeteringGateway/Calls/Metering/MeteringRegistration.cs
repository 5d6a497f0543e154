using System.Text.Json;
using MeteringGateway.Calls.TestKeys;
using MeteringGateway.Http.Authentication;

namespace MeteringGateway.Calls.Metering;

internal static class MeteringRegistration
{
    public static IServiceCollection AddMetering(this IServiceCollection services) =>
        services.AddSingleton<TestKeyCall>().AddSingleton<MeteringEndpoint>();

    /// <remarks>Asked for with the first call: the engine knows its partitions only once the database is migrated.</remarks>
    public static void MapMeteredCall(this IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapPost("/api/v1/query", static context => context.RequestServices.GetRequiredService<MeteringEndpoint>().InvokeAsync(context))
            .WithSummary("One metered call: charged when a provider answered whole, free otherwise.")
            // For the OpenAPI document, which knows an endpoint by its method; the call itself stays a bare delegate.
            .WithMetadata(
                typeof(MeteringEndpoint).GetMethod(nameof(MeteringEndpoint.InvokeAsync))!,
                CredentialsFirst.Key,
                new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(MeteredAnswer), ["application/json"]));
}

/// <summary>The shape of a metered call's answer, for the document alone: on the hot path it is written byte by byte.</summary>
internal sealed record MeteredAnswer(
    bool Ok,
    string RequestId,
    string Surface,
    string Provider,
    JsonElement Result,
    long CreditsCharged,
    long? RemainingCredits,
    IReadOnlyList<MeteredAttempt> ProviderAttempts);

internal sealed record MeteredAttempt(string Provider, string Outcome, int? Status, long DurationMs);
