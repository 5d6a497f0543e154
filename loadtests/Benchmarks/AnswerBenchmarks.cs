using BenchmarkDotNet.Attributes;
using MeteringGateway.Calls.Answers;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Engine.Calls;
using Microsoft.AspNetCore.Http;

namespace MeteringGateway.Benchmarks;

/// <summary>What a client gets.</summary>
public class AnswerBenchmarks
{
    private static readonly BalanceSnapshot s_plain = Snapshot();
    private static readonly BalanceSnapshot s_limited = Snapshot(0, 1, 2, 3);

    private readonly HeaderDictionary _headers = [];
    private readonly ProviderAnswer _answer = new()
    {
        Provider = "reliable",
        Status = 200,
        Body = """{"answer":"Forty-two, in some two hundred bytes, so that there is something to carry.","usage":{"total_tokens":42}}"""u8
            .ToArray(),
        IsJson = true,
        Headers = [],
    };

    private readonly AttemptReport[] _attempts =
        [new AttemptReport("reliable", AttemptOutcome.Success, 200, TimeSpan.FromMilliseconds(12))];

    [Benchmark(Description = "write the envelope of a small answer")]
    public async Task<long> Envelope()
    {
        // The context is the server's and pooled there; here it is new each time, for nothing of one answer may reach the next.
        var context = new DefaultHttpContext { TraceIdentifier = "01a1fcc6288f72ee83bdff996d60ac16" };
        AnswerHead.Begin(context.Response, s_plain);
        await Calls.Answers.Envelope.WriteAsync(
            context, new AnswerFacts(context.TraceIdentifier, "search", "reliable", 1, s_plain.Balance, _attempts), _answer,
            inEnvelope: true);
        return context.Response.ContentLength ?? 0;
    }

    [Benchmark(Description = "a context without the envelope, to be subtracted")]
    public string Context() => new DefaultHttpContext { TraceIdentifier = "01a1fcc6288f72ee83bdff996d60ac16" }.TraceIdentifier;

    [Benchmark(Description = "rate limit headers of a key without limits")]
    public int NoLimits()
    {
        _headers.Clear();
        RateLimitHeaders.Write(_headers, s_plain);
        return _headers.Count;
    }

    [Benchmark(Description = "rate limit headers of a key with four limits")]
    public int FourLimits()
    {
        _headers.Clear();
        RateLimitHeaders.Write(_headers, s_limited);
        return _headers.Count;
    }

    [Benchmark(Description = "read balance and windows of a snapshot")]
    public long ReadSnapshot() => s_limited.Balance - s_limited.Held + s_limited.Windows.Day;

    /// <summary>A script's answer of 2026-03-11 12:00 UTC, with limits for these periods.</summary>
    private static BalanceSnapshot Snapshot(params int[] limited)
    {
        var values = new long[BalanceSnapshot.Length];
        (values[2], values[3]) = (new DateTimeOffset(2026, 3, 11, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), 1000);
        for (var period = 0; period < 5; period++)
        {
            values[8 + (3 * period)] = limited.Contains(period) ? 500 : -1;
        }

        return new BalanceSnapshot(values);
    }
}
