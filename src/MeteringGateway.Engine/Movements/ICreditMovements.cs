using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Engine.Movements;

/// <summary>
/// Moves credits into or out of a balance; the engine's boundary to the features that sell or give credits. Tests fake it for an engine
/// that is away or dies at a chosen moment.
/// </summary>
internal interface ICreditMovements
{
    /// <summary>
    /// Idempotent by <see cref="EntryTail.Id"/> for ever. An unavailable Redis or PostgreSQL is <see cref="CreditStatus.Unavailable"/>, not
    /// an exception.
    /// </summary>
    /// <param name="accountId">The account whose balance moves.</param>
    /// <param name="delta">Credits, not 0.</param>
    /// <param name="entry">The ledger's part of the entry.</param>
    /// <param name="attempt">1, and one more for each new attempt after a refusal: every send of a refused attempt stays
    /// refused.</param>
    /// <param name="cancellationToken">Not a client's token: a recorded movement is finished without its client.</param>
    Task<CreditReply> CreditAsync(long accountId, long delta, EntryTail entry, int attempt, CancellationToken cancellationToken);
}
