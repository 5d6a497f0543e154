using System.Collections.Frozen;
using BenchmarkDotNet.Attributes;
using MeteringGateway.Calls.Pricing;

namespace MeteringGateway.Benchmarks;

/// <summary>What a call costs, before it and after it.</summary>
public class PricingBenchmarks
{
    private static readonly byte[] s_small = """{"surface":"search","query":"what is the answer?"}"""u8.ToArray();
    private static readonly byte[] s_ad = """{"surface":"ads","format":"full","count":3,"text":"buy this"}"""u8.ToArray();
    private static readonly byte[] s_chat = Chat();
    private static readonly byte[] s_answer =
        """{"id":"x","choices":[{"message":{"role":"assistant","content":"Forty-two."}}],"usage":{"prompt_tokens":5,"total_tokens":42}}"""u8
            .ToArray();

    private readonly FlatPrice _flat = new(1);
    private readonly OptionPrice _options =
        new("count", "format", new Dictionary<string, long> { ["static"] = 5, ["full"] = 15 }.ToFrozenDictionary());
    private readonly UsagePrice _usage = new("usage.total_tokens", 3, 50);

    [Benchmark(Description = "read a request of 50 bytes")]
    public bool ReadSmall() => QueryBody.Read(s_small).Status == QueryBodyStatus.Ok;

    [Benchmark(Description = "read a request of 8 KiB")]
    public bool ReadChat() => QueryBody.Read(s_chat).Status == QueryBodyStatus.Ok;

    [Benchmark(Description = "quote a flat price")]
    public long QuoteFlat() => _flat.Quote(s_small).Credits;

    [Benchmark(Description = "quote a price by options")]
    public long QuoteOptions() => _options.Quote(s_ad).Credits;

    [Benchmark(Description = "quote a price by usage")]
    public long QuoteUsage() => _usage.Quote(s_chat).Credits;

    [Benchmark(Description = "charge by the usage in an answer")]
    public long ChargeUsage() => _usage.Quote(s_chat).Charge(s_answer);

    private static byte[] Chat()
    {
        var turns = string.Join(',', Enumerable.Repeat("""{"role":"user","content":"Tell me more about the answer, please."}""", 120));
        return System.Text.Encoding.UTF8.GetBytes($$"""{"surface":"chat","messages":[{{turns}}]}""");
    }
}
