using System.Data;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Flushing;
using Npgsql;

namespace MeteringGateway.Ledger.Verifying;

/// <summary>
/// Verifies the ledger's invariants: sequence numbers without a gap, an unbroken chain of balances, each account at the end of its chain,
/// each key's spend the sum of its charges, no poison entries, and Redis without drift. Reads one snapshot, so that concurrent flushes do
/// not look like faults. Any number of callers at once.
/// </summary>
internal sealed class LedgerVerifier(NpgsqlDataSource database, Flusher flusher, RedisComparison? redis = null)
{
    /// <summary>The most problems that are listed; the rest is counted.</summary>
    public const int MostProblems = 100;

    private static readonly string s_totals = SqlFile.Read("Verifying/verify-totals.sql");
    private static readonly string s_chains = SqlFile.Read("Verifying/verify-chains.sql");
    private static readonly string s_heads = SqlFile.Read("Verifying/verify-heads.sql");
    private static readonly string s_poison = SqlFile.Read("Verifying/verify-poison.sql");
    private static readonly string s_spend = SqlFile.Read("Verifying/verify-spend.sql");

    public async Task<LedgerVerification> VerifyAsync(CancellationToken cancellationToken)
    {
        // Entries that a fenced partition keeps are not lost, and its accounts count as unchecked.
        await flusher.DrainAsync(cancellationToken);
        var findings = new VerifierFindings(MostProblems);
        long accounts, entries;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        await using (var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken))
        {
            (accounts, entries) = await TotalsAsync(connection, cancellationToken);
            await WalkAsync(connection, findings, s_chains, BrokenChain, 6, 7, cancellationToken);
            await WalkAsync(connection, findings, s_heads, WrongHead, 6, 7, cancellationToken);
            await WalkAsync(connection, findings, s_spend, WrongSpend, 4, null, cancellationToken);

            // The ledger is right without poison entries, but incomplete: a call may be charged in Redis that has no entry.
            await WalkAsync(connection, findings, s_poison, Poison, 4, null, cancellationToken);
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

    private static LedgerProblem BrokenChain(NpgsqlDataReader row)
    {
        var (account, seq, previous, delta, balance, difference) =
            (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5));
        return seq != previous + 1
            ? new LedgerProblem(
                account, seq, "seq_gap",
                $"entry {seq} follows entry {previous}, and its balance is {difference} credits off what that one leads to")
            : new LedgerProblem(
                account, seq, "broken_chain",
                $"the balance {balance} after {delta} credits is {difference} off what the entry before leads to");
    }

    private static LedgerProblem WrongHead(NpgsqlDataReader row)
    {
        var (account, missing, balance, end, seq, lastSeq) =
            (row.GetInt64(0), row.GetBoolean(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5));
        return missing ? new LedgerProblem(account, lastSeq, "account_missing", "there are entries of an account that does not exist")
            : lastSeq == 0 ? new LedgerProblem(
                account, null, "entries_missing", $"the account is at {balance} credits and number {seq}, and has no entries")
            : balance != end ? new LedgerProblem(
                account, lastSeq, "balance_mismatch", $"the account is at {balance} credits, its last entry at {end}")
            : new LedgerProblem(account, lastSeq, "seq_mismatch", $"the account is at number {seq}, its last entry is {lastSeq}");
    }

    private static LedgerProblem WrongSpend(NpgsqlDataReader row) => new(
        row.GetInt64(0), null, "spend_mismatch",
        $"{row.GetString(1)}: {row.GetDecimal(2)} credits count as spent, the charges come to {row.GetDecimal(3)}");

    private static LedgerProblem Poison(NpgsqlDataReader row) => new(
        row.GetInt64(0), null, "poisoned",
        $"{row.GetInt64(1)} entries over {row.GetDecimal(2)} credits were set aside in poison_entries: {row.GetString(3)}");

    /// <summary>Lists the problem of each row, and counts the totals in the given columns, which each row repeats.</summary>
    /// <param name="creditsColumn">Null: the query finds no difference of balances, so it adds nothing to the drift.</param>
    private static async Task WalkAsync(
        NpgsqlConnection connection, VerifierFindings findings, string sql, Func<NpgsqlDataReader, LedgerProblem> problem,
        int totalColumn, int? creditsColumn, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, sql);
        command.Parameters.AddWithValue("limit", MostProblems);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            findings.Count(reader.GetInt64(totalColumn), creditsColumn is { } credits ? reader.GetInt64(credits) : 0);
            findings.List(problem(reader));
        }

        findings.EndOfCount();
    }

    // No time limit: the duration grows with the ledger.
    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql) => new(sql, connection) { CommandTimeout = 0 };
}
