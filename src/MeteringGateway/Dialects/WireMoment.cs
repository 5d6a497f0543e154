using System.Globalization;

namespace MeteringGateway.Dialects;

/// <summary>Moments as the documents write them: UTC with <c>Z</c>, to the second or to the millisecond.</summary>
internal static class WireMoment
{
    public static string Seconds(DateTimeOffset moment) =>
        moment.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Milliseconds(DateTimeOffset moment) =>
        moment.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
