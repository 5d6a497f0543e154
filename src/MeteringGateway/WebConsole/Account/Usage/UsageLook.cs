using MeteringGateway.Accounts.Usage;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Inside;

namespace MeteringGateway.WebConsole.Account.Usage;

/// <summary>
/// The roll-up as pages ask for it: the same look by the same account within a second is one, and one that is cut for its length is a
/// message. Any number of callers at once.
/// </summary>
internal sealed class UsageLook(UsageReader reader, ShortMemory memory, ReadBound reads)
{
    public Task<ApiAnswer<UsageReport>> ReadAsync(UsageQuery query) =>
        memory.GetAsync(
            query, () => AskAsync(query.AccountId, token => reader.ReadAsync(query, token)),
            answer => 1 + (answer.Value?.Usage.Count ?? 0) + (answer.Value?.Refusals.Count ?? 0));

    public Task<ApiAnswer<IReadOnlyList<TopAccountRow>>> TopAccountsAsync(UsageQuery query, int most) => memory.GetAsync(
        (nameof(TopAccountsAsync), query, most),
        () => AskAsync(null, token => reader.TopAccountsAsync(query.From, query.To, most, token)));

    private async Task<ApiAnswer<T>> AskAsync<T>(long? wallet, Func<CancellationToken, Task<T>> ask)
        where T : class
    {
        try
        {
            return await reads.RunAsync(
                wallet, async token => new ApiAnswer<T>(await ask(token), null), new ApiAnswer<T>(null, ApiProblem.Late),
                CancellationToken.None);
        }
        catch (Exception e) when (ReadBound.IsLate(e))
        {
            return new ApiAnswer<T>(null, ApiProblem.Late);
        }
    }
}
