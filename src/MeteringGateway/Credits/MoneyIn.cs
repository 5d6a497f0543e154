namespace MeteringGateway.Credits;

#pragma warning disable CA1822 // Signature only: the engine's own file replaces this one.
internal sealed class MoneyIn
{
    public Task<CreditReply> CreditAsync(long accountId, long delta, EntryTail entry, CancellationToken cancellationToken) => throw new NotSupportedException();
}
#pragma warning restore CA1822
