using System.Text.Json;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;

namespace MeteringGateway.WebConsole.Operation.Audit;

/// <summary>A change, as <c>GET /admin/audit</c> tells it.</summary>
public sealed record AuditInfo(
    long Id, string Actor, string Action, string Target, JsonElement? Before, JsonElement? After, DateTimeOffset OccurredAt);

public sealed record AuditList(IReadOnlyList<AuditInfo> Entries, long Total, int Limit, int Offset);

/// <param name="Entries">Null: they can't be read now.</param>
/// <param name="Pager">Where in the list.</param>
/// <param name="Problem">Why they can't be read.</param>
public sealed record AuditModel(IReadOnlyList<AuditInfo>? Entries, PagerModel Pager, ApiProblem? Problem);

/// <summary>Who changed what, before and after.</summary>
internal static class AuditPages
{
    private const int Rows = 50;

    public static void MapAuditPages(this RouteGroupBuilder operators) => operators.MapGet("/audit", ShowAsync);

    private static async Task<IResult> ShowAsync(HttpContext context, ConsoleApi api)
    {
        var offset = PagerModel.OffsetOf(context.Request);
        var answer = await api.GetAsync<AuditList>($"/admin/audit?limit={Rows}&offset={offset}");
        var pager = new PagerModel("/console/operator/audit", Rows, offset, answer.Value?.Entries.Count ?? 0, answer.Value?.Total);
        return new ConsolePage<AuditView, AuditModel>("Audit", new AuditModel(answer.Value?.Entries, pager, answer.Problem));
    }
}
