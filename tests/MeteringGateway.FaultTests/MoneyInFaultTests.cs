using System.Net.Http.Json;
using MeteringGateway.Testing;
using Npgsql;
using Xunit.Abstractions;

namespace MeteringGateway.FaultTests;

/// <summary>kill -9 of a gateway behind the send of a credit, which nobody asks for again: the other one finishes it.</summary>
public sealed class MoneyInFaultTests(FaultWorld world, ITestOutputHelper output) : IClassFixture<FaultWorld>
{
    private const long Credits = 1_000;

    [Fact]
    public Task Kill_BehindTheSendOfAManualCredit_IsFinishedBySweeping() => KillAsync(
        "manual credit", "select count(*) from manual_credits where status = 'pending'",
        (victim, run) => victim.CreditAsync(run.RichAccount, Credits));

    [Fact]
    public Task Kill_BehindTheSendOfAPaidOrder_IsFinishedBySweeping() => KillAsync(
        "paid order", "select count(*) from orders where status = 'paid'",
        (victim, run) => victim.SendAsync(
            HttpMethod.Post, "api/credits/top-up", run.Keys[0].Secret, JsonContent.Create(new { amountInUsdCents = Credits })));

    private async Task KillAsync(string what, string open, Func<GatewayClient, FaultCase, Task> pay)
    {
        var other = await world.StartGatewayAsync();
        await using var run = await world.OpenAsync($"kill -9 of a gateway, credit-sent, {what}", other);
        var victim = await world.StartGatewayAsync("credit-sent:kill@1");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => pay(victim.Client, run));
        Assert.Equal(137, await victim.Exited.WaitAsync(TimeSpan.FromSeconds(30)));
        await using var database = NpgsqlDataSource.Create(world.Stores.PostgresConnection);
        await using var left = database.CreateCommand(open);
        Assert.Equal(1L, await left.ExecuteScalarAsync());
        run.NoteCredit(run.RichAccount, Credits);

        // At rest no order and no manual credit is open, and the account has been paid once.
        await run.ExpectWholeAsync(output);
        Assert.Equal(0L, await left.ExecuteScalarAsync());
    }
}
