using System.Buffers.Binary;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Calls.Batching;
using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.Benchmarks;

/// <summary>What the engine does with a batch before it goes to Redis, and with the answer.</summary>
public class BatchBenchmarks
{
    private const int Pairs = 8;
    private const string Tail =
        """{"id":"0199c0de0199c0de0199c0de","type":"usage","surface":"search","provider":"beta","attempts":"beta:200:12","held":1}""";

    private readonly BatchRequest _request = new();
    private readonly List<CallOperation> _operations;
    private readonly RedisResult _answer;
    private readonly List<CallAnswer> _answers = [];

    public BatchBenchmarks()
    {
        // Eight reserves and eight commits, each of an account of its own, in as many partitions.
        _operations = [.. Enumerable.Range(0, 2 * Pairs).Select(OperationOf)];
        var numbers = new List<double>();
        foreach (var operation in _operations)
        {
            numbers.AddRange([1, 41, 1_795_238_167_575]);
            numbers.AddRange([1, 999_999, 1, 20_778, 2_968, 24_322, .. Enumerable.Repeat(-1.0, 15)]);
        }

        var packed = new byte[sizeof(double) * numbers.Count];
        for (var i = 0; i < numbers.Count; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(packed.AsSpan(sizeof(double) * i), numbers[i]);
        }

        RedisResult[] parts =
        [
            RedisResult.Create((RedisValue)1, ResultType.Integer), RedisResult.Create((RedisValue)packed),
            RedisResult.Create((RedisValue)""),
        ];
        _answer = RedisResult.Create(parts);
    }

    [Benchmark(Description = "pack 8 reserves and 8 commits of 16 partitions")]
    public int Pack()
    {
        _request.Pack(_operations, static _ => 41, 100_000);
        return _request.Keys.Length;
    }

    [Benchmark(Description = "read the answer to them")]
    public int Read()
    {
        _answers.Clear();
        return BatchReply.Read(_answer, BatchScripts.Calls, _operations, _answers).Count;
    }

    private static CallOperation OperationOf(int partition)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"0199c0de0199c0de0199c0de{partition:x8}");
        var reservation = new Reservation(id, 1_000 + partition, 2_000 + partition, 1, "search", 1, TimeSpan.FromSeconds(90));
        return partition % 2 == 0
            ? new ReserveOperation(partition, 3, id, reservation)
            : new CommitOperation(
                partition, 3, new Hold(id, reservation, new SpendWindows(20_778, 2_968, 24_322), 0, 0, 3), 1, false, Tail);
    }
}
