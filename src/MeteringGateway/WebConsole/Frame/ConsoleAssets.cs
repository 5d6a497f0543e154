using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;

namespace MeteringGateway.WebConsole.Frame;

/// <summary>
/// The style, the script and the mark of the console, embedded in the program: the same from a published folder, an image and <c>./run</c>.
/// An address carries the content's hash, so a browser keeps what it has for as long as it likes.
/// </summary>
internal static class ConsoleAssets
{
    private const string Folder = "WebConsole/Assets/";

    private static readonly FrozenDictionary<string, Asset> s_assets = new Dictionary<string, string>
    {
        ["console.css"] = "text/css; charset=utf-8",
        ["console.js"] = "text/javascript; charset=utf-8",
        ["icon.svg"] = "image/svg+xml",
    }.ToFrozenDictionary(asset => asset.Key, asset => Read(asset.Key, asset.Value));

    public static string Address(string root, string name) => $"{root}/assets/{name}?v={s_assets[name].Version}";

    public static void MapAssets(this RouteGroupBuilder open) => open.MapGet("/assets/{name}", (string name, HttpContext context) =>
    {
        if (!s_assets.TryGetValue(name, out var asset))
        {
            return Results.NotFound();
        }

        var isNamed = context.Request.Query["v"] == asset.Version;
        context.Response.Headers.CacheControl = isNamed ? "public, max-age=31536000, immutable" : "no-cache";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(
            asset.Bytes, asset.ContentType, entityTag: new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{asset.Version}\""));
    });

    private static Asset Read(string name, string type)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Folder + name)
            ?? throw new InvalidOperationException($"No asset is embedded as '{name}'.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var content = bytes.ToArray();
        return new Asset(content, type, Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6)));
    }

    private sealed record Asset(byte[] Bytes, string ContentType, string Version);
}
