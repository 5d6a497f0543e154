using System.Text;
using System.Text.Json.Nodes;
using MeteringGateway.Pricing;
using MeteringGateway.Surfaces;

namespace MeteringGateway.Console;

/// <summary>A call to paste: its body, and what is held for it.</summary>
/// <param name="Surface">The surface that it asks.</param>
/// <param name="Body">JSON without an apostrophe, for a shell.</param>
/// <param name="Credits">What is held.</param>
/// <param name="IsCertain">Whether that is what it costs, and not only the most.</param>
/// <param name="IsWhole">Whether its provider is known to want nothing more.</param>
internal sealed record GreetingCall(string Surface, string Body, long Credits, bool IsCertain, bool IsWhole);

/// <summary>Calls that a configuration's own prices let pass, whatever its surfaces are called.</summary>
internal sealed class GreetingCalls(SurfaceCatalog? catalog, Func<string, bool> isDemoProvider)
{
    /// <summary>The surface of config/gateway.json whose chain shows a fallback.</summary>
    private const string Preferred = "search";
    private const string Question = "what is a hold?";

    /// <summary>
    /// The one to begin with: the cheapest, but where there is the shipped one. Null: none can be priced without knowing more.
    /// </summary>
    public GreetingCall? First =>
        Calls().OrderByDescending(call => call.Surface == Preferred && isDemoProvider(catalog!.BySlug[Preferred].Providers[0])).ThenBy(call => call.Credits).FirstOrDefault();

    /// <summary>A call that costs more than that, to see the refusal. Null: no surface is priced by how much is asked for.</summary>
    public GreetingCall? Beyond(long credits)
    {
        foreach (var surface in Surfaces())
        {
            if (surface.Price is not OptionPrice { Per: not null } price)
            {
                continue;
            }

            var option = price.Credits.MaxBy(pair => pair.Value);
            for (var count = 10L; count <= Price.Ceiling; count *= 10)
            {
                if (option.Value * count > credits && Call(surface, option.Key, count) is { } call)
                {
                    return call;
                }
            }
        }

        return null;
    }

    private IEnumerable<GreetingCall> Calls() => Surfaces()
        .Select(surface => surface.Price is OptionPrice option ? Call(surface, option.Credits.MinBy(pair => pair.Value).Key, 1) : Call(surface, null, null))
        .OfType<GreetingCall>();

    private IEnumerable<Surface> Surfaces() => catalog is null ? [] : catalog.Slugs.Select(slug => catalog.BySlug[slug]);

    /// <summary>The surface's own price has the last word on whether the body will do.</summary>
    private GreetingCall? Call(Surface surface, string? option, long? count)
    {
        var body = new JsonObject { ["surface"] = surface.Slug };
        if (surface.Price is OptionPrice price)
        {
            if (price.By is { } by)
            {
                body[by] = option;
            }

            if (price.Per is { } per && count is { } units)
            {
                body[per] = units;
            }
        }

        // Only the demo providers are known to take it; what others want beside what is priced, their owner knows.
        var isDemo = surface.Providers.All(isDemoProvider);
        if (!body.ContainsKey("query") && surface.Price is not OptionPrice && isDemo)
        {
            body["query"] = Question;
        }

        var text = body.ToJsonString();
        var quote = surface.Price.Quote(Encoding.UTF8.GetBytes(text));
        return quote.Error is null ? new GreetingCall(surface.Slug, text, quote.Credits, surface.Price is not UsagePrice, isDemo) : null;
    }
}
