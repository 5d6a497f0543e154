namespace MeteringGateway.FunctionalTests.Engine.Model;

/// <summary>Delta debugging: drops ever smaller pieces of a failing sequence for as long as what is left still fails.</summary>
internal static class Shrinker
{
    public static async Task<List<Draw>> ShrinkAsync(List<Draw> failing, Func<IReadOnlyList<Draw>, Task<int?>> failingStep, int mostRuns)
    {
        for (var size = Math.Max(1, failing.Count / 2); mostRuns > 0; size = Math.Max(1, size / 2))
        {
            var before = failing.Count;
            for (var at = failing.Count - size; at > -size && mostRuns > 0; at -= size)
            {
                List<Draw> rest = [.. failing.Take(Math.Max(at, 0)), .. failing.Skip(at + size)];
                mostRuns--;
                if (await failingStep(rest) is { } step)
                {
                    failing = [.. rest.Take(step + 1)];
                    at = Math.Min(at, failing.Count);
                }
            }

            if (size == 1 && failing.Count == before)
            {
                break;
            }
        }

        return failing;
    }
}
