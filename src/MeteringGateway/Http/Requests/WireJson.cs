using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;

namespace MeteringGateway.Http.Requests;

/// <summary>How our own answers are written: snake_case, nulls shown, texts readable.</summary>
internal static class WireJson
{
    public static JsonSerializerOptions Options { get; } = Set(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>Makes the framework's results be written so, and the OpenAPI document name the members so.</summary>
    public static IServiceCollection AddWireJson(this IServiceCollection services) => services.Configure<JsonOptions>(options =>
    {
        Set(options.SerializerOptions);

        // Only the document reads this: a number is a number there.
        options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
    });

    public static Ok<T> Ok<T>(T value) => TypedResults.Ok(value);

    public static Created<T> Created<T>(T value) => TypedResults.Created((string?)null, value);

    public static Accepted<T> Accepted<T>(T value) => TypedResults.Accepted((string?)null, value);

    private static JsonSerializerOptions Set(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        return options;
    }
}
