using System.Text.Json.Serialization;

namespace MeteringGateway.Ledger;

/// <summary>How the answers of the operator's ledger calls are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LedgerVerification))]
[JsonSerializable(typeof(TransactionsAnswer))]
[JsonSerializable(typeof(RebuiltBalance))]
[JsonSerializable(typeof(Reconciliation))]
internal sealed partial class LedgerJson : JsonSerializerContext;
