using System.Text.Json;
using MeteringGateway.Testing;
using MeteringGateway.Testing.Creem;

namespace MeteringGateway.FunctionalTests.Sales.Payments.Creem;

/// <summary>Creem's published client, npm <c>creem</c>: it refuses answers and events that Creem would not write.</summary>
public sealed class CreemClient : IAsyncLifetime
{
    private static readonly NodeScripts s_scripts = new("Sales/Payments/Creem/node");

    public Task InitializeAsync() => s_scripts.InstallAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>What the client hands back for each call; an answer that is refused fails the test.</summary>
    public static async Task<IReadOnlyList<JsonElement>> CallAsync(CreemDouble creem, params object[][] calls) =>
        [.. (await TryAsync(creem, creem.ApiKey, calls)).Select(
            (result, i) => result.TryGetProperty("ok", out var ok)
                ? ok
                : throw new InvalidOperationException($"{calls[i][0]} was refused: {result}"))];

    /// <summary><c>{ok}</c> or <c>{error, status}</c> for each call.</summary>
    public static Task<IReadOnlyList<JsonElement>> TryAsync(CreemDouble creem, string key, params object[][] calls) =>
        s_scripts.RunAsync(
            "calls.mjs", [.. calls.Select(call => JsonSerializer.Serialize(call))],
            new Dictionary<string, string> { ["ADDRESS"] = creem.Address, ["KEY"] = key });

    /// <summary><c>{id, type, shape}</c> or <c>{error}</c> for each delivery.</summary>
    public static Task<IReadOnlyList<JsonElement>> ReadAsync(
        params (string Body, IReadOnlyList<(string Name, string Value)> Headers, string Secret)[] deliveries) =>
        s_scripts.RunAsync(
            "events.mjs",
            [.. deliveries.Select(delivery => JsonSerializer.Serialize(new
            {
                body = delivery.Body,
                headers = delivery.Headers.ToDictionary(header => header.Name, header => header.Value),
                secret = delivery.Secret,
            }))],
            new Dictionary<string, string>());
}
