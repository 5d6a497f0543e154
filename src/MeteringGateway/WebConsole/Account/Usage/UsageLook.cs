using MeteringGateway.Accounts.Usage;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Inside;

namespace MeteringGateway.WebConsole.Account.Usage;

/// <summary>
/// The roll-up as pages ask for it: the same look by the same account within a second is one, and one that is cut for its length is a
/// message. Any number of callers at once.
/// </summary>
internal sealed class UsageLook(UsageReader reader, ShortMemory memory)
{
    public Task<ApiAnswer<UsageReport>> ReadAsync(UsageQuery query) =>
        memory.GetAsync(query, () => AskAsync(() => reader.ReadAsync(query, CancellationToken.None)));

    public Task<ApiAnswer<UsageTotals>> TotalsAsync(long accountId) =>
        memory.GetAsync((nameof(TotalsAsync), accountId), () => AskAsync(() => reader.TotalsAsync(accountId, CancellationToken.None)));

    public Task<ApiAnswer<IReadOnlyList<TopAccountRow>>> TopAccountsAsync(UsageQuery query, int most) => memory.GetAsync(
        (nameof(TopAccountsAsync), query, most),
        () => AskAsync(() => reader.TopAccountsAsync(query.From, query.To, most, CancellationToken.None)));

    private static async Task<ApiAnswer<T>> AskAsync<T>(Func<Task<T>> ask)
        where T : class
    {
        try
        {
            return new ApiAnswer<T>(await ask(), null);
        }
        catch (Exception e) when (ReadBound.IsLate(e))
        {
            return new ApiAnswer<T>(null, ApiProblem.Late);
        }
    }
}
