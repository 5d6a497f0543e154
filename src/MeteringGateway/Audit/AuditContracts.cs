using System.Text.Json;

namespace MeteringGateway.Audit;

internal sealed record AuditView(long Id, string Actor, string Action, string Target, JsonElement? Before, JsonElement? After, DateTimeOffset OccurredAt);

internal sealed record AuditPage(IReadOnlyList<AuditView> Entries, long Total, int Limit, int Offset);
