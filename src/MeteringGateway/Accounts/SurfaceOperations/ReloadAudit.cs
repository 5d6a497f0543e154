using System.Collections.Concurrent;
using Dapper;
using MeteringGateway.Accounts.Audit;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Accounts.SurfaceOperations;

/// <summary>
/// Writes into the audit what a reload changed, under the name of the configuration. Nobody waits for it: a reload holds while PostgreSQL
/// is away, and its trace follows. Every gateway reads the same file, so the first one that writes is the only one.
/// </summary>
internal sealed class ReloadAudit : BackgroundService
{
    private const string Actor = "configuration";

    /// <summary>A reload is a person's act: of more reloads while PostgreSQL is away the log tells.</summary>
    private const int Most = 1000;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly string s_lock = SqlFile.Read("Accounts/SurfaceOperations/lock-noted.sql");
    private static readonly string s_isNoted = SqlFile.Read("Accounts/SurfaceOperations/is-noted.sql");

    private readonly ConcurrentQueue<SurfaceChange> _waiting = new();
    private readonly NpgsqlDataSource _books;
    private readonly TimeProvider _time;
    private readonly ILogger<ReloadAudit> _logger;
    private SurfaceCatalog _known;

    public ReloadAudit(SurfaceSource source, NpgsqlDataSource database, TimeProvider time, ILogger<ReloadAudit> logger)
    {
        (_books, _time, _logger, _known) = (database, time, logger, source.Current);
        source.Changed += Note;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RetryLoop.RunAsync("The audit of reloads", s_pause, WriteAsync, _time, _logger, stoppingToken);

    /// <summary>On the reloader's thread, one reload after the other.</summary>
    private void Note(SurfaceCatalog catalog)
    {
        foreach (var change in SurfaceChange.Between(_known, catalog))
        {
            if (_waiting.Count < Most)
            {
                _waiting.Enqueue(change);
            }
        }

        _known = catalog;
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        while (_waiting.TryPeek(out var change))
        {
            await WriteAsync(change, cancellationToken);
            _waiting.TryDequeue(out _);
        }
    }

    private async Task WriteAsync(SurfaceChange change, CancellationToken cancellationToken)
    {
        var entry = new AuditEntry(Actor, change.Action, $"surface:{change.Slug}", change.Before, change.After);
        await using var connection = await _books.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var noted = new { Actor, entry.Target, After = AuditTrail.Snapshot(entry.After) };
        await connection.ExecuteAsync(new CommandDefinition(s_lock, noted, transaction, cancellationToken: cancellationToken));
        if (!await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(s_isNoted, noted, transaction, cancellationToken: cancellationToken)))
        {
            await AuditTrail.WriteAsync(transaction, entry, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
