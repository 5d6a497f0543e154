namespace MeteringGateway.Credits;

/// <summary>
/// Moves credits into or out of a balance, once per <see cref="EntryTail.Id"/> for ever. What sells credits needs nothing else of the
/// engine, so it is tested against an engine that fails when it is told to.
/// </summary>
internal delegate Task<CreditReply> CreditMovement(long accountId, long delta, EntryTail entry, CancellationToken cancellationToken);
