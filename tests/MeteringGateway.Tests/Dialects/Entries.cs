using System.Text.Json;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Reading;

namespace MeteringGateway.Tests.Dialects;

/// <summary>Entries of the ledger for the tables of the dialects, and what they look like on the wire.</summary>
internal static class Entries
{
    /// <summary>In another offset than UTC's, and between two milliseconds.</summary>
    public static readonly DateTimeOffset At = new DateTimeOffset(2026, 3, 1, 1, 30, 5, 678, TimeSpan.FromHours(2)).AddTicks(9_999);

    public static LedgerEntry Of(string type, long delta, string? metadata = null, string? description = "Search (count=3)") => new(
        "e-1", 7, 3, delta, 1000, type, 5, type == "usage" ? "search" : null, type == "usage" ? "alpha" : null, description,
        metadata is null ? null : JsonElement.Parse(metadata), At, At);

    public static string Wire<T>(T contract) => JsonSerializer.Serialize(contract, WireJson.Options);
}
