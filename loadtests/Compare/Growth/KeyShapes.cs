using System.Globalization;
using System.Text.RegularExpressions;
using MeteringGateway.Load.Measuring;
using MeteringGateway.Load.Report;

namespace MeteringGateway.Compare.Growth;

/// <summary>Redis's keys by the shape of their names, numbers left out: how many bytes a key of each shape takes.</summary>
internal static partial class KeyShapes
{
    private const int Sampled = 5000;

    public static void Measure(GrowthBench bench)
    {
        using var redis = new RedisProbe(bench.Stack.Redis.Port);
        var shapes = redis.Scan(Sampled).ToList().GroupBy(ShapeOf)
            .Select(shape => (shape.Key, Count: shape.Count(), Bytes: shape.Average(key => redis.Number("MEMORY", "USAGE", key))));
        foreach (var (shape, count, bytes) in shapes.OrderByDescending(shape => shape.Count).Take(6))
        {
            bench.Results.Add(
                string.Create(CultureInfo.InvariantCulture, $"Redis for a key `{shape}`, of {count} sampled"),
                Markdown.Number(bytes, 0) + " bytes");
        }

        bench.Results.Add("memory of Redis", ColdParts.Megabytes(ProcessTree.Resident(bench.Stack.Redis.Pid)));
        bench.Results.Add("memory of the gateway", ColdParts.Megabytes(ProcessTree.Resident(bench.Stack.Gateways[0].Pid)));
    }

    /// <summary><c>{p3}:a:17</c> is <c>{p#}:a:#</c>; a hexadecimal id is one number, too.</summary>
    public static string ShapeOf(string key) => Numbers().Replace(key, "#");

    [GeneratedRegex("[0-9a-f]{16,}|[0-9]+")]
    private static partial Regex Numbers();
}
