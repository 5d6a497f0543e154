using System.Globalization;
using MeteringGateway.Ledger.Reading;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Loading;

/// <summary>A key's row as configure-key-2.lua takes it, and how its instants and surfaces are written for Redis. Pure.</summary>
internal static class KeyConfiguration
{
    public static RedisValue[] Of(KeyFacts key) =>
    [
        key.Version, key.Status, key.SecretVersion, Milliseconds(key.PreviousSecretUntil),
        Milliseconds(key.ExpiresAt), Surfaces(key), key.RateLimitPerMinute ?? 0,
        key.LimitFixed ?? -1, key.LimitDaily ?? -1, key.LimitWeekly ?? -1, key.LimitMonthly ?? -1,
    ];

    /// <summary>0 where there is none.</summary>
    public static long Milliseconds(DateTime? instant) => instant is { } utc ? new DateTimeOffset(utc).ToUnixTimeMilliseconds() : 0;

    /// <summary>An empty text means all surfaces, so a key that may call none still has a list.</summary>
    public static string Surfaces(KeyFacts key) =>
        key.Surfaces is not { } surfaces ? "" : string.Create(CultureInfo.InvariantCulture, $"|{string.Join('|', surfaces)}|");
}
