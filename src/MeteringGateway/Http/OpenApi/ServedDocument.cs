using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace MeteringGateway.Http.OpenApi;

/// <summary>
/// The document as bytes, made once for all callers: making it takes a tenth of a second of processor, and anybody may ask.
/// A request that comes while it is being made waits for the same one. Nothing in it changes while the gateway runs.
/// </summary>
internal sealed class ServedDocument(IServiceProvider services)
{
    public const string Name = "v1";

    private readonly Lazy<Task<Made>> _made = new(() => Task.Run(() => MakeAsync(services)));

    public async Task WriteAsync(HttpContext context)
    {
        var made = await _made.Value.WaitAsync(context.RequestAborted);
        var (request, response) = (context.Request, context.Response);
        response.Headers.ETag = made.Tag;
        response.Headers.Vary = HeaderNames.AcceptEncoding;

        // May be kept, and is asked for again: another version of the gateway has another document.
        response.Headers.CacheControl = "no-cache";
        if (request.GetTypedHeaders().IfNoneMatch
            .Any(tag => tag == EntityTagHeaderValue.Any || tag.Compare(made.Entity, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var isPacked = request.GetTypedHeaders().AcceptEncoding.Any(one => one.Value == "gzip" && one.Quality is not 0);
        var bytes = isPacked ? made.Packed : made.Plain;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = bytes.Length;
        if (isPacked)
        {
            response.Headers.ContentEncoding = "gzip";
        }

        if (!HttpMethods.IsHead(request.Method))
        {
            await response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }

    private static async Task<Made> MakeAsync(IServiceProvider services)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync();
        using var plain = new MemoryStream();
        await using (var text = new StreamWriter(plain, leaveOpen: true))
        {
            document.SerializeAsV31(new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true }));
        }

        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(plain.GetBuffer(), 0, (int)plain.Length);
        }

        // Weak: the same document, packed or not.
        var tag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(plain.GetBuffer().AsSpan(0, (int)plain.Length)))[..32]}\"";
        return new Made(plain.ToArray(), packed.ToArray(), tag, EntityTagHeaderValue.Parse(tag));
    }

    private sealed record Made(byte[] Plain, byte[] Packed, string Tag, EntityTagHeaderValue Entity);
}
