using System.Text.Json;
using MeteringGateway.Calls.Idempotency;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Calls.Streams;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Calls.TestKeys;
using MeteringGateway.Http.Authentication;

namespace MeteringGateway.Calls.Metering;

internal static class MeteringRegistration
{
    private const string Path = "/api/v1/query";

    public static IServiceCollection AddMetering(this IServiceCollection services) =>
        services
        .AddSingleton<StreamStop>()
        .AddSingleton<StreamRelay>()
        .AddSingleton<ReplayTurns>()
        .AddSingleton<CallReplay>()
        .AddSingleton<CallReader>()
        .AddSingleton<TracedCredits>()
        .AddSingleton<PaidCall>()
        .AddSingleton<FreeCall>()
        .AddSingleton<DryRun>()
        .AddSingleton<TestKeyCall>()
        .AddSingleton<MeteringEndpoint>();

    /// <summary>
    /// The metered call as nearly all clients spell it goes past routing, and past whatever else stands in front of the other endpoints.
    /// Any other spelling of it, and a query, which must be refused, find <see cref="MapMeteredCall"/> through routing.
    /// </summary>
    /// <remarks>Asked for with the first call: the engine knows its partitions only once the database is migrated.</remarks>
    public static void UseMeteredCall(this IApplicationBuilder app)
    {
        var services = app.ApplicationServices;
        MeteringEndpoint? endpoint = null;
        app.Use(next => context => IsPlain(context.Request)
            ? Endpoint().InvokeAsync(context)
            : MeteredRoutes.InvokeAsync(context, next, Endpoint));

        MeteringEndpoint Endpoint() => endpoint ??= services.GetRequiredService<MeteringEndpoint>();
    }

    /// <summary>Looks up the providers' own paths before anything can refuse a request of theirs.</summary>
    public static void UseRouteLookup(this IApplicationBuilder app)
    {
        var surfaces = app.ApplicationServices.GetRequiredService<SurfaceSource>();
        app.Use(next => context =>
        {
            if (!IsPlain(context.Request))
            {
                MeteredRoutes.Find(context, surfaces.Current);
            }

            return next(context);
        });
    }

    public static void MapMeteredCall(this IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapPost(Path, static context => context.RequestServices.GetRequiredService<MeteringEndpoint>().InvokeAsync(context))
            .WithSummary("One metered call: charged when a provider answered whole, free otherwise.")
            // For the OpenAPI document, which knows an endpoint by its method; the call itself stays a bare delegate.
            .WithMetadata(
                typeof(MeteringEndpoint).GetMethod(nameof(MeteringEndpoint.InvokeAsync))!,
                CredentialsFirst.Key,
                new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(MeteredAnswer), ["application/json"]));

    internal static bool IsPlain(HttpRequest request) =>
        request.Path.Value == Path && HttpMethods.IsPost(request.Method) && !request.QueryString.HasValue;
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
