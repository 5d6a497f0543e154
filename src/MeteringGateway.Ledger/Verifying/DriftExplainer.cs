using System.Globalization;
using Dapper;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Ledger.Verifying;

/// <summary>Why Redis and the ledger differ on an account, or an account in Redis and its holds.</summary>
internal enum DriftCause
{
    /// <summary>
    /// Poison entries of the account make up the difference. A reload does not remove it: an operator must resolve it.
    /// </summary>
    SetAside,

    /// <summary>Redis lost a charge that the ledger has, or was changed by hand.</summary>
    RedisHasMore,

    /// <summary>Redis made a movement that never reached the ledger, or was changed by hand.</summary>
    RedisHasLess,

    /// <summary>The account's held credits are not the sum of its holds.</summary>
    HoldsDiffer,
}

/// <summary>A cause, and the text for an operator.</summary>
internal sealed record DriftExplanation(DriftCause Cause, string Text)
{
    public static readonly DriftExplanation OfHolds =
        new(DriftCause.HoldsDiffer, "the sum of the account's holds is another: a hold was lost or counted twice");
}

/// <summary>Explains a difference by what PostgreSQL knows of it. Any number of callers at once.</summary>
internal sealed class DriftExplainer(NpgsqlDataSource database)
{
    private static readonly string s_explain = SqlFile.Read("Verifying/explain-drift.sql");

    /// <param name="partition">The account's partition.</param>
    /// <param name="account">The account whose balance differs.</param>
    /// <param name="difference">The balance in Redis minus the balance in the ledger.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public async Task<DriftExplanation> ExplainAsync(int partition, long account, long difference, CancellationToken cancellationToken)
    {
        var of = new { partition, account = account.ToString(CultureInfo.InvariantCulture) };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var command = new CommandDefinition(s_explain, of, cancellationToken: cancellationToken);
        var (count, credits) = await connection.QuerySingleAsync<(long, long)>(command);
        if (count > 0 && credits == difference)
        {
            return new(DriftCause.SetAside, $"{count} entries over {credits} credits were set aside in poison_entries");
        }

        var (cause, text) = difference > 0
            ? (DriftCause.RedisHasMore, $"Redis has {difference} credits more: it forgot a charge that the books have")
            : (DriftCause.RedisHasLess, $"Redis has {-difference} credits less: it made a movement that never came to the books");
        return new(cause, text + ", or was changed by hand");
    }
}
