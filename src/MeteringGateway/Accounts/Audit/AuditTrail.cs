using System.Text.Json;
using Dapper;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Accounts.Audit;

/// <summary>One change: its author, its name, its subject, and how the subject looked on either side of it. Never holds a secret.</summary>
internal sealed record AuditEntry(string Actor, string Action, string Target, object? Before, object? After);

/// <summary>
/// Writes the author and the subject of a change, in the transaction that changes it: a change without its trace can't be.
/// </summary>
internal static class AuditTrail
{
    private static readonly string Insert = SqlFile.Read("Accounts/Audit/insert-audit.sql");

    public static Task WriteAsync(NpgsqlTransaction transaction, AuditEntry entry, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            Insert,
            new
            {
                actor = entry.Actor,
                action = entry.Action,
                target = entry.Target,
                before = Snapshot(entry.Before),
                after = Snapshot(entry.After),
            },
            transaction,
            cancellationToken: cancellationToken));

    internal static string? Snapshot(object? value) =>
        value is null ? null : JsonSerializer.Serialize(value, value.GetType(), WireJson.Options);
}
