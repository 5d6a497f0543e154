namespace MeteringGateway.Accounts;

/// <summary>
/// Writes what waits for the ledger of these accounts' partitions, so that a balance that is read next knows the last charge.
/// Returns without it when Redis is away: the balance is then as of the last flush.
/// </summary>
internal delegate Task BooksFlush(IReadOnlyCollection<long> accountIds, CancellationToken cancellationToken);
