using System.Globalization;
using MeteringGateway.Ledger.Reading;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Loading;

/// <summary>A key's row as load-3.lua and configure-key-2.lua take it: one order of arguments for both.</summary>
internal static class KeyConfiguration
{
    public static RedisValue[] Of(KeyFacts key) =>
    [
        key.Version, key.Status, key.SecretVersion, Milliseconds(key.PreviousSecretUntil),
        Milliseconds(key.ExpiresAt), Packed(key.Surfaces), key.RateLimitPerMinute ?? 0,
        key.LimitFixed ?? -1, key.LimitDaily ?? -1, key.LimitWeekly ?? -1, key.LimitMonthly ?? -1,
    ];

    private static long Milliseconds(DateTime? instant) => instant is { } utc ? new DateTimeOffset(utc).ToUnixTimeMilliseconds() : 0;

    /// <summary>An empty text means all surfaces, so a key that may call none still has a list.</summary>
    private static string Packed(string[]? surfaces) =>
        surfaces is null ? "" : string.Create(CultureInfo.InvariantCulture, $"|{string.Join('|', surfaces)}|");
}
