using System.Data;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Flushing;
using Npgsql;

namespace MeteringGateway.Ledger.Verifying;

/// <summary>
/// Walks the books and says where they break what is promised of them: numbers without a gap, an unbroken chain of balances, each
/// account at the end of its chain, what keys have spent the sum of their charges, nothing set aside, and Redis in step.
/// Reads one snapshot, so that flushes beside it do not look like faults.
/// </summary>
internal sealed class LedgerVerifier(NpgsqlDataSource database, Flusher flusher, RedisComparison? redis = null)
{
    /// <summary>Problems that are listed; the rest is counted. Whoever has a hundred wants to know how many, not all of them.</summary>
    public const int MostProblems = 100;

    private static readonly string s_totals = SqlFile.Read("Verifying/verify-totals.sql");
    private static readonly string s_chains = SqlFile.Read("Verifying/verify-chains.sql");
    private static readonly string s_heads = SqlFile.Read("Verifying/verify-heads.sql");
    private static readonly string s_poison = SqlFile.Read("Verifying/verify-poison.sql");
    private static readonly string s_spend = SqlFile.Read("Verifying/verify-spend.sql");

    public async Task<LedgerVerification> VerifyAsync(CancellationToken cancellationToken)
    {
        // What a fenced partition keeps is no loss to the books, and its accounts count as unchecked.
        await flusher.DrainAsync(cancellationToken);
        var findings = new VerifierFindings(MostProblems);
        long accounts, entries;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        await using (var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken))
        {
            (accounts, entries) = await TotalsAsync(connection, cancellationToken);
            await WalkChainsAsync(connection, findings, cancellationToken);
            await CompareHeadsAsync(connection, findings, cancellationToken);
            await CompareSpendAsync(connection, findings, cancellationToken);
            await LookAtPoisonAsync(connection, findings, cancellationToken);
        }

        var leftOut = redis is null ? 0 : await redis.CompareAsync(findings, cancellationToken);
        return new LedgerVerification(
            findings.Total == 0 && leftOut == 0, accounts, entries, leftOut, findings.DriftCredits, findings.Total, findings.Problems);
    }

    private static async Task<(long Accounts, long Entries)> TotalsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, s_totals);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private static async Task WalkChainsAsync(NpgsqlConnection connection, VerifierFindings findings, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, s_chains);
        command.Parameters.AddWithValue("limit", MostProblems);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (account, seq, previous, delta, balance, difference) =
                (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5));
            findings.Count(reader.GetInt64(6), reader.GetInt64(7));
            findings.List(seq != previous + 1
                ? new LedgerProblem(
                    account, seq, "seq_gap",
                    $"entry {seq} follows entry {previous}, and its balance is {difference} credits off what that one leads to")
                : new LedgerProblem(
                    account, seq, "broken_chain",
                    $"the balance {balance} after {delta} credits is {difference} off what the entry before leads to"));
        }

        findings.EndOfCount();
    }

    private static async Task CompareHeadsAsync(NpgsqlConnection connection, VerifierFindings findings, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, s_heads);
        command.Parameters.AddWithValue("limit", MostProblems);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (account, missing, balance, end, seq, lastSeq) =
                (reader.GetInt64(0), reader.GetBoolean(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5));
            findings.Count(reader.GetInt64(6), reader.GetInt64(7));
            findings.List(
                missing ? new LedgerProblem(account, lastSeq, "account_missing", "there are entries of an account that does not exist")
                : lastSeq == 0 ? new LedgerProblem(
                    account, null, "entries_missing", $"the account is at {balance} credits and number {seq}, and has no entries")
                : balance != end ? new LedgerProblem(
                    account, lastSeq, "balance_mismatch", $"the account is at {balance} credits, its last entry at {end}")
                : new LedgerProblem(account, lastSeq, "seq_mismatch", $"the account is at number {seq}, its last entry is {lastSeq}"));
        }

        findings.EndOfCount();
    }

    /// <summary>No credits are off then, only what limits count: it adds nothing to the drift.</summary>
    private static async Task CompareSpendAsync(NpgsqlConnection connection, VerifierFindings findings, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, s_spend);
        command.Parameters.AddWithValue("limit", MostProblems);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            findings.Count(reader.GetInt64(4), 0);
            findings.List(new LedgerProblem(
                reader.GetInt64(0), null, "spend_mismatch",
                $"{reader.GetString(1)}: {reader.GetDecimal(2)} credits count as spent, the charges come to {reader.GetDecimal(3)}"));
        }

        findings.EndOfCount();
    }

    /// <summary>
    /// The books are right without it, and incomplete: a call may be charged that has no entry. What it moves is no difference of balances,
    /// so it adds nothing to the drift.
    /// </summary>
    private static async Task LookAtPoisonAsync(NpgsqlConnection connection, VerifierFindings findings, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, s_poison);
        command.Parameters.AddWithValue("limit", MostProblems);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            findings.Count(reader.GetInt64(4), 0);
            findings.List(new LedgerProblem(reader.GetInt64(0), null, "poisoned", $"{reader.GetInt64(1)} entries over "
                + $"{reader.GetDecimal(2)} credits were set aside in poison_entries: {reader.GetString(3)}"));
        }

        findings.EndOfCount();
    }

    // No time limit: it is as long as the books.
    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql) => new(sql, connection) { CommandTimeout = 0 };
}
