using System.Net;

namespace MeteringGateway.FunctionalTests.Dialects;

/// <summary>
/// Readers beside charged calls: a balance that is read is never older than what its reader was told last, and never rises while
/// nothing comes in.
/// </summary>
[Collection(DialectTestGroup.Name)]
public sealed class ReadsInFlightTests(DialectGateway gateway)
{
    [Fact]
    public async Task Balance_Of50ReadersBeside200Calls_NeverGoesBackInTime()
    {
        const int calls = 200;
        var customer = await gateway.NewCustomerAsync(calls * 2);
        var told = long.MaxValue;
        var done = new TaskCompletionSource();
        var readers = Enumerable.Range(0, 50)
            .Select(reader => ReadAsync(customer, reader, () => Volatile.Read(ref told), done.Task)).ToList();

        await Parallel.ForEachAsync(Enumerable.Range(0, calls), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) =>
        {
            var answer = await gateway.Client.QueryAsync(customer.Key, new { surface = "search" });
            answer.Expect(HttpStatusCode.OK);
            Lower(ref told, answer.RemainingCredits);
        });
        done.SetResult();
        var reads = await Task.WhenAll(readers);

        Assert.All(reads, count => Assert.InRange(count, 1, int.MaxValue));
        Assert.Equal(0, (await gateway.ReadAsync("credits/balance", customer.Key)).GetProperty("data").GetProperty("balance").GetInt64());
        Assert.Equal(calls + 1, (await gateway.Stores.Books.EntriesAsync(customer.Account)).Count);
        Assert.Empty(await gateway.Stores.Books.ProblemsAsync());
    }

    private async Task<int> ReadAsync(Customer customer, int reader, Func<long> told, Task done)
    {
        var (last, count, ended) = (long.MaxValue, 0, false);
        while (!ended)
        {
            ended = done.IsCompleted;
            var atMost = Math.Min(told(), last);
            last = await BalanceAsync(customer, reader);
            Assert.InRange(last, 0, atMost);
            count++;
        }

        return count;
    }

    /// <summary>Each dialect by turns, all in credits.</summary>
    private async Task<long> BalanceAsync(Customer customer, int reader) => (reader % 5) switch
    {
        0 => (await gateway.ReadAsync("api/me/dashboard", customer.Key)).GetProperty("user").GetProperty("credit_balance").GetInt64(),
        1 => (await gateway.ReadAsync("v1/usage", customer.Key)).GetProperty("recent_transactions")[0]
            .GetProperty("balance_after").GetInt64(),
        2 => (await gateway.ReadAsync("credits/balance", customer.Session)).GetProperty("data").GetProperty("balance").GetInt64(),
        3 => (await gateway.ReadAsync("api/billing/balance", customer.Key)).GetProperty("balanceInCents").GetInt64() / 10,
        _ => (await gateway.ReadAsync("api/credits/balance", customer.Session)).GetProperty("creditBalanceUsdCents").GetInt64() / 10,
    };

    private static void Lower(ref long told, long balance)
    {
        var seen = Volatile.Read(ref told);
        while (balance < seen && Interlocked.CompareExchange(ref told, balance, seen) is var found && found != seen)
        {
            seen = found;
        }
    }
}
