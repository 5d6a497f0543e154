using MeteringGateway.FunctionalTests.Calls.Metering;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Telemetry;

/// <summary>The log of a first start and of a stop, as an operator reads it.</summary>
public sealed class StartLogTests
{
    [Fact]
    public async Task Log_OfAFirstStartAndAStop_SaysWhatMattersInUnderTenLines()
    {
        await using var stores = await Stores.StartAsync();
        await using var alpha = FakeProvider.Start();
        await using var gateway = await GatewayProcess.StartAsync(
            stores, MeteringFixture.Config(alpha, alpha), new Dictionary<string, string> { ["ALPHA_KEY"] = "alpha-secret" });
        var start = gateway.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.InRange(start.Length, 1, 9);
        Assert.Contains(start, line => line.Contains("Metering gateway 1.0.0", StringComparison.Ordinal));
        Assert.Contains(start, line => line.Contains(stores.RedisConnection.Split(',')[0], StringComparison.Ordinal)
            && line.Contains("appendfsync", StringComparison.Ordinal) && line.Contains("16 partitions", StringComparison.Ordinal));
        Assert.Contains(start, line => line.Contains("surfaces, 4 providers", StringComparison.Ordinal)
            && line.Contains("traces to nobody", StringComparison.Ordinal));
        Assert.DoesNotContain("alpha-secret", gateway.Log, StringComparison.Ordinal);

        await gateway.StopAsync();
        Assert.Contains("The gateway has stopped", gateway.Log, StringComparison.Ordinal);
    }
}
