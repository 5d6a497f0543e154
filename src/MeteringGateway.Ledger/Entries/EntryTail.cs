using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeteringGateway.Ledger.Entries;

/// <summary>The part of an outbox entry that only the ledger reads: the entry id (idempotency key), the type and the texts.</summary>
internal sealed record EntryTail(
    string Id,
    string Type,
    string? Surface = null,
    string? Provider = null,
    string? Description = null,
    JsonElement? Metadata = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(EntryTail))]
internal sealed partial class EntryTailJson : JsonSerializerContext;
