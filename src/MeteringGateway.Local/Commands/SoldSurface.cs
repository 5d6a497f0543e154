using System.Net.Http.Headers;
using System.Text.Json;

namespace MeteringGateway.Local.Commands;

/// <summary>A surface as the gateway's operator API shows it in <c>GET /admin/surfaces</c>: what the greeting has to know of it.</summary>
/// <param name="Slug">Its name in calls.</param>
/// <param name="Providers">Its chain.</param>
/// <param name="Routes">By which it can be called like its provider: <c>POST /v1/chat/completions</c>.</param>
/// <param name="Price">Of one call.</param>
internal sealed record SoldSurface(string Slug, IReadOnlyList<string> Providers, IReadOnlyList<string> Routes, SoldPrice Price)
{
    /// <summary>In the order of the answer, which is that of their names.</summary>
    public static async Task<IReadOnlyList<SoldSurface>> AllAsync(HttpClient gateway, string adminToken, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "admin/surfaces");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", adminToken);
        using var answer = await gateway.SendAsync(request, cancellation);
        return Read(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellation));
    }

    public static IReadOnlyList<SoldSurface> Read(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        return [.. document.RootElement.GetProperty("surfaces").EnumerateArray().Select(surface => new SoldSurface(
            surface.GetProperty("slug").GetString()!,
            Texts(surface, "providers"),
            Texts(surface, "routes"),
            SoldPrice.Of(surface.GetProperty("price"))))];
    }

    private static IReadOnlyList<string> Texts(JsonElement surface, string name) =>
        [.. surface.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
}

/// <summary>What one call costs, by what its body says.</summary>
/// <param name="Per">The field of the body with the number of units; null: always one.</param>
/// <param name="By">The field of the body that picks one of the prices; null: there is one, under the empty name.</param>
/// <param name="Credits">Of one unit; the most that is charged, where the provider's answer says how much it was.</param>
/// <param name="IsCertain">Whether that is what it costs, and not only the most.</param>
internal sealed record SoldPrice(string? Per, string? By, IReadOnlyList<KeyValuePair<string, long>> Credits, bool IsCertain)
{
    /// <summary>The most that the gateway lets one call cost.</summary>
    public const long Ceiling = 1_000_000_000_000;

    public static SoldPrice Of(JsonElement price) => price.TryGetProperty("max_credits", out var most)
        ? new SoldPrice(null, null, [new("", most.GetInt64())], IsCertain: false)
        : new SoldPrice(Text(price, "per"), Text(price, "by"), [.. Leaves("", price.GetProperty("credits"))], IsCertain: true);

    /// <summary>An option may well be called "16:9", which a configuration splits at the colon.</summary>
    private static IEnumerable<KeyValuePair<string, long>> Leaves(string path, JsonElement node) => node.ValueKind == JsonValueKind.Object
        ? node.EnumerateObject().SelectMany(child => Leaves(path.Length == 0 ? child.Name : $"{path}:{child.Name}", child.Value))
        : [new(path, node.GetInt64())];

    private static string? Text(JsonElement price, string name) => price.TryGetProperty(name, out var text) ? text.GetString() : null;
}
