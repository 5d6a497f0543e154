using System.Text.Json;
using System.Text.Json.Nodes;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Calls.Surfaces.TestAnswers;

/// <summary>
/// What test keys get of a surface that has no <c>TestAnswer</c>. One that is priced by usage answers a use of a thousand in each field
/// that costs something, so that the call costs the price for a thousand of each.
/// </summary>
internal static class CannedAnswer
{
    private const int Usage = 1_000;

    public static TestAnswer Of(Surface surface)
    {
        var answer = new JsonObject
        {
            ["test"] = true,
            ["surface"] = surface.Slug,
            ["message"] = "A canned answer for a test key. No provider was called and nothing was charged.",
        };
        var rates = Prices(surface).OfType<UsagePrice>()
            .SelectMany(price => price.Rates.OrderBy(option => option.Key, StringComparer.Ordinal)).Select(option => option.Value);
        foreach (var field in rates.SelectMany(one => one.Fields))
        {
            Put(answer, field.Path());
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(answer, WireJson.Options);
        return new TestAnswer(json, TestEvents.Of([JsonElement.Parse(json)]));
    }

    private static IEnumerable<Price> Prices(Surface surface) =>
        [surface.Price, .. surface.ProviderPrices.OrderBy(own => own.Key, StringComparer.Ordinal).Select(own => own.Value)];

    /// <summary>Where one path ends on another's way, the first stays: no answer can show both.</summary>
    private static void Put(JsonObject answer, ReadOnlySpan<string> path)
    {
        if (path.Length == 1)
        {
            answer.TryAdd(path[0], Usage);
        }
        else if (answer.TryAdd(path[0], new JsonObject()) || answer[path[0]] is JsonObject)
        {
            Put(answer[path[0]]!.AsObject(), path[1..]);
        }
    }
}
