using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using MeteringGateway.Http.Errors;

namespace MeteringGateway.Calls.Pricing;

internal enum QueryBodyStatus
{
    Ok,

    /// <summary>Not one JSON object in UTF-8.</summary>
    InvalidJson,

    /// <summary>An object, but it does not name a surface.</summary>
    InvalidRequest,
}

/// <summary>What the gateway itself wants of a request's body; the rest is the provider's.</summary>
/// <param name="Status">Whether the body can be priced.</param>
/// <param name="Surface">Empty unless it can.</param>
/// <param name="Error">Set exactly when it can't.</param>
internal readonly record struct QueryBody(QueryBodyStatus Status, string Surface, FieldError? Error)
{
    private const string SurfaceField = "surface";

    /// <summary>Reads the whole body: what a provider's parser would refuse must not be paid for.</summary>
    public static QueryBody Read(ReadOnlySpan<byte> body) => Check(body, namesSurface: true);

    /// <summary>The same, of a body that need not name a surface, and whose field of that name is the provider's.</summary>
    public static QueryBody ReadObject(ReadOnlySpan<byte> body) => Check(body, namesSurface: false);

    private static QueryBody Check(ReadOnlySpan<byte> body, bool namesSurface)
    {
        // The reader looks at the bytes of a text only when it is asked for that text.
        if (!Utf8.IsValid(body))
        {
            return Invalid("is not UTF-8");
        }

        var reader = JsonFields.Reader(body);
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject
                ? namesSurface ? ReadFields(ref reader) : ReadToEnd(ref reader)
                : Invalid("must be an object");
        }
        catch (JsonException e)
        {
            return reader.CurrentDepth >= JsonFields.MaxDepth
                ? Invalid(string.Create(CultureInfo.InvariantCulture, $"is nested deeper than {JsonFields.MaxDepth} levels, "
                    + $"or is not JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}"))
                : Invalid(string.Create(
                    CultureInfo.InvariantCulture, $"is not JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}"));
        }
    }

    private static QueryBody ReadFields(ref Utf8JsonReader reader)
    {
        string? surface = null;
        string? fault = null;
        var seen = false;
        while (JsonFields.Next(ref reader))
        {
            var doubt = FieldNames.Check(ref reader, SurfaceField, ref seen, out var isSurface);
            fault ??= doubt;
            reader.Read();
            if (isSurface)
            {
                surface = Text(ref reader);
                fault ??= surface is null ? "must be a string: the name of a surface" : null;
            }

            reader.Skip();
        }

        fault ??= seen ? null : "is missing: must be the name of a surface";
        return fault is null
            ? new QueryBody(QueryBodyStatus.Ok, surface!, null)
            : new QueryBody(QueryBodyStatus.InvalidRequest, "", new FieldError(JsonFields.Pointer(SurfaceField), fault));
    }

    private static QueryBody ReadToEnd(ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
        }

        return new QueryBody(QueryBodyStatus.Ok, "", null);
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }
        catch (InvalidOperationException) when (reader.ValueIsEscaped)
        {
            // Half of a surrogate pair.
            return null;
        }
    }

    private static QueryBody Invalid(string detail) => new(QueryBodyStatus.InvalidJson, "", new FieldError("#", detail));
}
