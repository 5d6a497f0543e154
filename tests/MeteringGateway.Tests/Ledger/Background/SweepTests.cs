using MeteringGateway.Ledger.Background;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeteringGateway.Tests.Ledger.Background;

public sealed class SweepTests
{
    private static readonly int[] s_rows = [.. Enumerable.Range(1, 25)];

    [Fact]
    public async Task Rows_OfEveryPage_HaveTheirTurnOnce()
    {
        var seen = new List<int>();
        await RunAsync(seen.Add);
        Assert.Equal(s_rows, seen);
    }

    [Fact]
    public async Task Store_AwayForSomeRows_IsThrownAfterTheOthers()
    {
        var seen = new List<int>();
        var away = await Assert.ThrowsAsync<StoreUnavailableException>(() => RunAsync(row =>
        {
            if (row <= 12)
            {
                throw new StoreUnavailableException($"row {row}");
            }

            seen.Add(row);
        }));
        Assert.Equal(s_rows[12..], seen);
        Assert.Contains("row 1", away.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Row_ThatFailsForItself_DoesNotEndTheRound()
    {
        var seen = new List<int>();
        await RunAsync(row =>
        {
            if (row == 1)
            {
                throw new InvalidOperationException("a bug");
            }

            seen.Add(row);
        });
        Assert.Equal(s_rows[1..], seen);
    }

    [Fact]
    public async Task Gateway_ThatStops_EndsTheRoundAtOnce()
    {
        using var stopping = new CancellationTokenSource();
        var seen = new List<int>();
        await Assert.ThrowsAsync<OperationCanceledException>(() => RunAsync(
            row =>
            {
                seen.Add(row);
                stopping.Cancel();
                stopping.Token.ThrowIfCancellationRequested();
            },
            stopping.Token));
        Assert.Equal([1], seen);
    }

    private static Task RunAsync(Action<int> finish, CancellationToken cancellationToken = default) => Sweep.RunAsync(
        0,
        after => Task.FromResult<IReadOnlyList<int>>([.. s_rows.Where(row => row > after).Take(10)]),
        row => row,
        row =>
        {
            finish(row);
            return Task.CompletedTask;
        },
        NullLogger.Instance,
        cancellationToken);
}
