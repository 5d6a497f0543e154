using System.Text.Json.Nodes;
using MeteringGateway.Local.DemoProviders;

namespace MeteringGateway.Local.Commands;

/// <summary>A call to paste: its body, and what is held for it.</summary>
/// <param name="Surface">The surface that it asks.</param>
/// <param name="Body">JSON without an apostrophe, for a shell.</param>
/// <param name="Credits">What is held.</param>
/// <param name="IsCertain">Whether that is what it costs, and not only the most.</param>
/// <param name="IsWhole">Whether its provider is known to want nothing more.</param>
internal sealed record GreetingCall(string Surface, string Body, long Credits, bool IsCertain, bool IsWhole)
{
    /// <summary>Where it is made.</summary>
    public string Path { get; init; } = "/api/v1/query";
}

/// <summary>Calls that a gateway's own prices let pass, whatever its surfaces are called.</summary>
internal sealed class GreetingCalls(IReadOnlyList<SoldSurface> surfaces, Func<string, bool> isDemoProvider)
{
    /// <summary>The surface of config/gateway.json whose chain shows a fallback.</summary>
    private const string Preferred = "search";
    private const string Question = "what is a hold?";

    /// <summary>
    /// The one to begin with: the cheapest, but where there is the shipped one. Null: none can be priced without knowing more.
    /// </summary>
    public GreetingCall? First => surfaces
        .Select(surface => (Surface: surface, Call: Call(surface, surface.Price.Credits.MinBy(pair => pair.Value), 1)))
        .Where(pair => pair.Call is not null)
        .OrderByDescending(pair => pair.Surface.Slug == Preferred && isDemoProvider(pair.Surface.Providers[0]))
        .ThenBy(pair => pair.Call!.Credits)
        .FirstOrDefault().Call;

    /// <summary>A call that costs more than that, to see the refusal. Null: no surface is priced by how much is asked for.</summary>
    public GreetingCall? Beyond(long credits)
    {
        foreach (var surface in surfaces.Where(surface => surface.Price.Per is not null))
        {
            var dearest = surface.Price.Credits.MaxBy(pair => pair.Value);
            for (var count = 10L; count <= SoldPrice.Ceiling / dearest.Value; count *= 10)
            {
                if (dearest.Value * count > credits && Call(surface, dearest, count) is { } call)
                {
                    return call;
                }
            }
        }

        return null;
    }

    /// <summary>A call that streams, under the path of OpenAI's chat. Null: no surface of the demo providers has it.</summary>
    public GreetingCall? Streamed
    {
        get
        {
            var chat = surfaces.FirstOrDefault(surface => surface is { Price: { Per: null, By: null } }
                && surface.Routes.Contains("POST " + ChatCompletion.Path) && surface.Providers.All(isDemoProvider));
            var body = new JsonObject
            {
                ["model"] = "demo",
                ["stream"] = true,
                ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = Question }),
            };
            return chat is null ? null : new GreetingCall(
                chat.Slug, body.ToJsonString(), chat.Price.Credits[0].Value, chat.Price.IsCertain, IsWhole: true)
            {
                Path = ChatCompletion.Path,
            };
        }
    }

    private GreetingCall? Call(SoldSurface surface, KeyValuePair<string, long> option, long count)
    {
        var (price, body) = (surface.Price, new JsonObject { ["surface"] = surface.Slug });
        if (price.By is { } by)
        {
            body[by] = option.Key;
        }

        if (price.Per is { } per)
        {
            body[per] = count;
        }

        // The gateway refuses a body with two spellings of one name.
        if (body.Select(field => field.Key).Distinct(StringComparer.OrdinalIgnoreCase).Count() < body.Count)
        {
            return null;
        }

        // Only the demo providers are known to take it; what others want beside what is priced, their owner knows.
        var isDemo = surface.Providers.All(isDemoProvider);
        if (price is { Per: null, By: null } && isDemo)
        {
            body["query"] = Question;
        }

        return new GreetingCall(surface.Slug, body.ToJsonString(), option.Value * count, price.IsCertain, isDemo);
    }
}
