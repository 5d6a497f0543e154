using System.Collections.Frozen;
using System.Text;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Calls.TestKeys;

namespace MeteringGateway.Tests.Calls.TestKeys;

public sealed class SandboxAnswerTests
{
    private const string Message = "A canned answer for a test key. No provider was called and nothing was charged.";

    [Fact]
    public void Succeeded_IsAlwaysTheSameJsonFromNoProviderOfTheChain()
    {
        var result = TestKeyAnswer.Succeeded(Surface(new FlatPrice(5)), TimeSpan.FromSeconds(1));

        Assert.Equal(ChainStatus.Succeeded, result.Status);
        Assert.Equal($$"""{"test":true,"surface":"search","message":"{{Message}}"}""", Encoding.UTF8.GetString(result.Answer!.Body.Span));
        Assert.Equal(("sandbox", 200, true), (result.Answer.Provider, result.Answer.Status, result.Answer.IsJson));
        Assert.Equal([new AttemptReport("sandbox", AttemptOutcome.Success, 200, TimeSpan.FromSeconds(1))], result.Attempts);
    }

    /// <summary>A use of a thousand, under the price's own path: it costs the price of a thousand.</summary>
    [Theory]
    [InlineData("tokens", "\"tokens\":1000")]
    [InlineData("usage.total_tokens", "\"usage\":{\"total_tokens\":1000}")]
    [InlineData("a.b.c", "\"a\":{\"b\":{\"c\":1000}}")]
    public void Succeeded_PricedByUsage_SaysAThousandWhereThePriceLooks(string path, string json)
    {
        var price = new UsagePrice(path, 7, 100);

        var body = TestKeyAnswer.Succeeded(Surface(price), TimeSpan.Zero).Answer!.Body;

        Assert.Equal($"{{\"test\":true,\"surface\":\"search\",\"message\":\"{Message}\",{json}}}", Encoding.UTF8.GetString(body.Span));
        Assert.Equal(7, price.Quote(default).Charge(body.Span));
    }

    [Fact]
    public void Failed_IsEveryProviderOfTheChainWith503()
    {
        var result = TestKeyAnswer.Failed(Surface(new FlatPrice(5)));

        Assert.Equal((ChainStatus.Failed, null), (result.Status, result.Answer));
        Assert.Equal(["alpha status 503", "beta status 503"],
            result.Attempts.Select(made => $"{made.Provider} {made.Outcome.Name()} {made.Status}"));
    }

    private static Surface Surface(Price price) => new(
        "search", "Search", null, price, ["alpha", "beta"], TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), FrozenSet<int>.Empty, 1000);
}
