using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeteringGateway.Ledger.Entries;

/// <summary>
/// The part of an outbox entry that only the ledger reads: the entry id (idempotency key), the type, the texts, and what a call's charge
/// remembers of its call. A gateway skips the members that it does not know, so members are added without a new format.
/// </summary>
/// <param name="Attempts">The call's attempts as the answer's header has them: <c>alpha=503;12, beta=200;31</c>.</param>
/// <param name="Held">The credits of the call's hold.</param>
/// <param name="Idempotency">SHA-256 of the client's Idempotency-Key in its account, in lower-case hex; null without one.</param>
/// <param name="Fingerprint">Of what must be equal in a repeat with that key.</param>
/// <param name="Trace">The call's span as <c>traceparent</c> has it, for the flush that links to it; null: nobody recorded it.</param>
internal sealed record EntryTail(
    string Id,
    string Type,
    string? Surface = null,
    string? Provider = null,
    string? Description = null,
    JsonElement? Metadata = null,
    string? Attempts = null,
    long? Held = null,
    string? Idempotency = null,
    string? Fingerprint = null,
    string? Trace = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(EntryTail))]
internal sealed partial class EntryTailJson : JsonSerializerContext;
