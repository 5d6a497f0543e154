using System.Globalization;
using Xunit.Abstractions;

namespace MeteringGateway.FunctionalTests.Engine.Model;

/// <summary>
/// Random sequences of everything that can be asked of a partition, on the scripts and on the model: every answer and the whole state
/// agree. <c>METERING_MODEL_SEEDS=5000</c> runs so many seeds, <c>42-42</c> one again.
/// </summary>
public sealed class ModelTests(ScriptRedis redis, ITestOutputHelper output) : IClassFixture<ScriptRedis>
{
    private const int Steps = 400;
    private const int StateEvery = 7;

    [Fact]
    public async Task Scripts_UnderRandomOperations_AgreeWithTheModel()
    {
        var (first, last) = Seeds(Environment.GetEnvironmentVariable("METERING_MODEL_SEEDS") ?? "20");
        var operations = 0L;
        for (var seed = first; seed <= last; seed++)
        {
            var draws = Draw.Sequence(seed, Steps);
            var run = await RunAsync(draws, seed, StateEvery);
            operations += run.Driver.Operations;
            if (run.Failure is { } failure)
            {
                Assert.Fail(await DescribeAsync(draws, seed, failure));
            }
        }

        output.WriteLine($"{operations} operations of seeds {first} to {last} agree");
    }

    private async Task<string> DescribeAsync(List<Draw> draws, int seed, ModelMismatchException failure)
    {
        var shortest = await Shrinker.ShrinkAsync(
            [.. draws.Take(failure.Step + 1)], async rest => (await RunAsync(rest, seed, stateEvery: 1)).Failure?.Step, mostRuns: 600);
        var (driver, shortened) = await RunAsync(shortest, seed, stateEvery: 1);
        return $"""
            seed {seed}, step {failure.Step}:
            {failure.Message}
            The same or another disagreement after {shortest.Count} steps, the last operations of which are
            {string.Join('\n', driver.LastOperations(Math.Max(10, Math.Min(shortest.Count * 2, 40))))}
            {shortened?.Message ?? "(which no longer disagrees: it hangs on time)"}
            """;
    }

    private async Task<(ModelDriver Driver, ModelMismatchException? Failure)> RunAsync(IReadOnlyList<Draw> draws, int seed, int stateEvery)
    {
        // A busy machine stops anyone for a moment; one that does so ten times in a row can't run this test.
        for (var attempt = 1; ; attempt++)
        {
            var store = redis.NewPartition();
            var driver = new ModelDriver(store, TimeProvider.System, seed);
            try
            {
                await driver.RunAsync(draws, stateEvery);
                return (driver, null);
            }
            catch (ModelMismatchException e)
            {
                return (driver, e);
            }
            catch (StepTooSlowException) when (attempt < 10)
            {
            }
            finally
            {
                await StoreText.WipeAsync(store);
            }
        }
    }

    private static (int First, int Last) Seeds(string text)
    {
        var numbers = text.Split('-').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToList();
        return numbers.Count == 1 ? (1, numbers[0]) : (numbers[0], numbers[1]);
    }
}
