using System.Text.Json;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Background;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace MeteringGateway.Accounts.Audit;

internal sealed record AuditView(
    long Id, string Actor, string Action, string Target, JsonElement? Before, JsonElement? After, DateTimeOffset OccurredAt);

internal sealed record AuditPage(IReadOnlyList<AuditView> Entries, long Total, int Limit, int Offset);

/// <summary><c>GET /admin/audit</c>: the author and the subject of each change, newest first.</summary>
internal static class AuditEndpoints
{
    private static readonly string List = SqlFile.Read("Accounts/Audit/list-audit.sql");

    public static IEndpointRouteBuilder MapAudit(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/audit", ListAsync);
        return admin;
    }

    private static async Task<Results<Ok<AuditPage>, Problem>> ListAsync(
        HttpRequest request, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var (page, problem) = Page.Read(request.Query);
        if (problem is not null)
        {
            return problem;
        }

        var window = new { limit = page.Limit, offset = page.Offset };
        var (rows, total) = await database.QueryPageAsync<AuditRow>(List, window, cancellationToken);
        return WireJson.Ok(new AuditPage([.. rows.Select(View)], total, page.Limit, page.Offset));
    }

    private static AuditView View(AuditRow row) =>
        new(row.Id, row.Actor, row.Action, row.Target, Parse(row.Before), Parse(row.After), row.OccurredAt);

    private static JsonElement? Parse(string? json) => json is null ? null : JsonElement.Parse(json);

    private sealed record AuditRow
    {
        public long Id { get; init; }
        public required string Actor { get; init; }
        public required string Action { get; init; }
        public required string Target { get; init; }
        public string? Before { get; init; }
        public string? After { get; init; }
        public DateTimeOffset OccurredAt { get; init; }
    }
}
