using System.Text.Json.Serialization;

namespace MeteringGateway.Dialects.Conduit;

internal sealed record ConduitBalance(
    [property: JsonPropertyName("balanceInCents")] long BalanceInCents,
    [property: JsonPropertyName("balanceInDollars")] decimal BalanceInDollars);

/// <summary><c>count</c> is the number of entries in this answer.</summary>
internal sealed record ConduitLedger(
    [property: JsonPropertyName("entries")] IReadOnlyList<ConduitEntry> Entries,
    [property: JsonPropertyName("limit")] int Limit,
    [property: JsonPropertyName("offset")] int Offset,
    [property: JsonPropertyName("count")] int Count);

internal sealed record ConduitEntry(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("amountInCents")] long AmountInCents,
    [property: JsonPropertyName("balanceAfterInCents")] long BalanceAfterInCents,
    [property: JsonPropertyName("metadata")] IReadOnlyDictionary<string, object> Metadata,
    [property: JsonPropertyName("createdAt")] string CreatedAt);

/// <summary>
/// A key and its limits. The three <c>spending</c> fields speak of its one limit; all three are null where it has none or several.
/// </summary>
internal sealed record ConduitKey(
    [property: JsonPropertyName("id")] long Id,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("prefix")] string Prefix,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("spendingLimit")] long? SpendingLimit,
    [property: JsonPropertyName("spendingType")] string? SpendingType,
    [property: JsonPropertyName("spendingPeriod")] string? SpendingPeriod,
    [property: JsonPropertyName("limits")] IReadOnlyList<ConduitLimit> Limits);

internal sealed record ConduitLimit(
    [property: JsonPropertyName("spendingLimit")] long SpendingLimit,
    [property: JsonPropertyName("spendingType")] string SpendingType,
    [property: JsonPropertyName("spendingPeriod")] string? SpendingPeriod);

internal sealed record ConduitKeys(
    [property: JsonPropertyName("keys")] IReadOnlyList<ConduitKey> Keys,
    [property: JsonPropertyName("limit")] int Limit,
    [property: JsonPropertyName("offset")] int Offset,
    [property: JsonPropertyName("count")] int Count);
