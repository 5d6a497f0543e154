using System.Buffers;
using System.Text.Json;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Calls.Surfaces;

namespace MeteringGateway.Calls.TestKeys;

/// <summary>
/// What a test key gets in a provider's place: always the same for the same surface, so that a client's tests can count on it.
/// </summary>
internal static class TestKeyAnswer
{
    /// <summary>Stands where a provider's name does. Real ones are not named: they had no part in it.</summary>
    private const string Provider = "sandbox";

    /// <summary>A surface that is priced by usage answers a use of a thousand, which costs its price for a thousand.</summary>
    private const int Usage = 1_000;
    private static readonly KeyValuePair<string, string>[] NoHeaders = [];

    public static ChainResult Succeeded(Surface surface, TimeSpan took) => new(
        ChainStatus.Succeeded,
        new ProviderAnswer
        {
            Provider = Provider,
            Status = StatusCodes.Status200OK,
            Body = Body(surface),
            IsJson = true,
            Headers = NoHeaders,
        },
        [new AttemptReport(Provider, AttemptOutcome.Success, StatusCodes.Status200OK, took)],
        took);

    /// <summary>Every provider of the surface's chain answering 503.</summary>
    public static ChainResult Failed(Surface surface) => new(
        ChainStatus.Failed,
        null,
        [.. surface.Providers.Select(provider =>
            new AttemptReport(provider, AttemptOutcome.Status, StatusCodes.Status503ServiceUnavailable, TimeSpan.Zero))],
        TimeSpan.Zero);

    private static ReadOnlyMemory<byte> Body(Surface surface)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("test", true);
            writer.WriteString("surface", surface.Slug);
            writer.WriteString("message", "A canned answer for a test key. No provider was called and nothing was charged.");
            if (surface.Price is UsagePrice price)
            {
                WriteUsage(writer, price.Path.Split('.'));
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteUsage(Utf8JsonWriter writer, ReadOnlySpan<string> path)
    {
        if (path.Length == 1)
        {
            writer.WriteNumber(path[0], Usage);
            return;
        }

        writer.WriteStartObject(path[0]);
        WriteUsage(writer, path[1..]);
        writer.WriteEndObject();
    }
}
