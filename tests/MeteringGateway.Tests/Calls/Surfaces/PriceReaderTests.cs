using System.Text;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Pricing.Usage;
using MeteringGateway.Calls.Surfaces.Prices;
using MeteringGateway.Configuration;
using Microsoft.Extensions.Configuration;

namespace MeteringGateway.Tests.Calls.Surfaces;

public sealed class PriceReaderTests
{
    /// <summary>By option: its fields with their rates, then per, least and most.</summary>
    [Theory]
    [InlineData("""{ "Usage": "usage.total_tokens", "CreditsPerThousand": 3, "MaxCredits": 50 }""", null, ":usage.total_tokens=3/1000,1..50")]
    [InlineData(
        """{ "Usage": "n", "CreditsPerThousand": 3, "MaxCredits": 50, "MinCredits": 50 }""", null, ":n=3/1000,50..50")]
    [InlineData(
        """{ "Usage": { "usage.prompt_tokens": 3, "usage.completion_tokens": 15 }, "Per": 1000000, "MaxCredits": 500 }""",
        null, ":usage.completion_tokens=15 usage.prompt_tokens=3/1000000,1..500")]
    [InlineData("""{ "Usage": { "n": 0 }, "MinCredits": 2, "MaxCredits": 500 }""", null, ":n=0/1000,2..500")]
    [InlineData(
        """{ "By": "model", "Usage": { "small": { "a.b": 1, "c": 2 }, "gpt:4:x": { "a.b": 10 } }, "MaxCredits": 9 }""",
        "model", "gpt:4:x:a.b=10/1000,1..9 small:a.b=1 c=2/1000,1..9")]
    public void Read_PriceByUsage_AllOfItRead(string json, string? by, string expected)
    {
        var price = Assert.IsType<UsagePrice>(Read(json, out var errors));

        Assert.Empty(errors);
        Assert.Equal(by, price.By);
        var options = price.Rates.OrderBy(one => one.Key, StringComparer.Ordinal);
        Assert.Equal(expected, string.Join(' ', options.Select(one => Shown(one.Key, one.Value))));
    }

    [Fact]
    public void Read_NoCredits_IsFree()
    {
        Assert.Equal(new FlatPrice(0), Read("""{ "Credits": 0 }""", out _));
    }

    [Theory]
    [InlineData("""{ "Credits": -1 }""", "P:Credits is '-1': must be a whole number from 0 to 1000000000000")]
    [InlineData("""{ "Per": "count", "Credits": 0 }""", "P:Credits is '0': must be a whole number from 1 to 1000000000000")]
    [InlineData("""{ "By": "size", "Credits": { "s": 0 } }""", "P:Credits:s is '0': must be a whole number from 1")]
    [InlineData("""{ "Usage": {}, "MaxCredits": 5 }""", "P:Usage is missing: must be an object of fields with a rate each")]
    [InlineData("""{ "By": "model", "Usage": {}, "MaxCredits": 5 }""", "P:Usage is missing: must be an object of fields for each value of By")]
    [InlineData("""{ "Usage": { "n": 1.5 }, "MaxCredits": 5 }""", "P:Usage:n is '1.5': must be a whole number from 0")]
    [InlineData("""{ "Usage": { "n": -1 }, "MaxCredits": 5 }""", "P:Usage:n is '-1': must be a whole number from 0")]
    [InlineData("""{ "Usage": { "a..b": 1 }, "MaxCredits": 5 }""", "P:Usage:a..b is no path into the provider's answer")]
    [InlineData("""{ "Usage": { "n": 1 } }""", "P:MaxCredits is missing")]
    [InlineData("""{ "Usage": { "n": 1 }, "MaxCredits": 0 }""", "P:MaxCredits is '0': must be a whole number from 1")]
    [InlineData("""{ "Usage": { "n": 1 }, "MaxCredits": 5, "MinCredits": 6 }""", "P:MinCredits is '6': must be a whole number from 1 to 5")]
    [InlineData("""{ "Usage": { "n": 1 }, "MaxCredits": 5, "MinCredits": 0 }""", "P:MinCredits is '0': must be a whole number from 1 to 5")]
    [InlineData("""{ "Usage": { "n": 1 }, "MaxCredits": 5, "Per": 0 }""", "P:Per is '0': must be a whole number from 1")]
    [InlineData("""{ "Usage": { "n": 1 }, "MaxCredits": 5, "Peer": 2 }""", "P:Peer is unknown: did you mean Per?")]
    [InlineData("""{ "Usage": { "n": 1 }, "MaxCredits": 5, "CreditsPerThousand": 2 }""", "P:CreditsPerThousand belongs to Usage with one path")]
    [InlineData("""{ "Usage": "n", "CreditsPerThousand": 2, "MaxCredits": 5, "Per": 9 }""", "P:Per belongs to Usage with fields")]
    [InlineData("""{ "Usage": "n", "CreditsPerThousand": 2, "MaxCredits": 5, "By": "model" }""", "P:By belongs to Usage with fields")]
    [InlineData("""{ "Usage": { "small": { "n": 1 } }, "MaxCredits": 5 }""", "P:Usage:small:n needs By: must have the request field that chooses")]
    [InlineData("""{ "By": "model", "Usage": { "n": 1 }, "MaxCredits": 5 }""", "P:Usage:n names no field: must be an object of fields for each")]
    [InlineData("""{ "By": "model", "Usage": { "a\u0001": { "n": 1 } }, "MaxCredits": 5 }""", "has a name that is no option")]
    public void Read_WrongPrice_OneClearLine(string json, string expected)
    {
        Assert.Null(Read(json, out var errors));

        Assert.Contains(expected, Assert.Single(errors), StringComparison.Ordinal);
    }

    private static string Shown(string option, UsageRates rates)
    {
        var fields = rates.Fields.OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => $"{field.Name}={field.Rate}");
        return $"{option}:{string.Join(' ', fields)}/{rates.Per},{rates.MinCredits}..{rates.MaxCredits}";
    }

    private static Price? Read(string json, out IReadOnlyList<string> lines)
    {
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($"{{ \"P\": {json} }}"))).Build();
        var errors = new ConfigurationErrors();
        var price = PriceReader.Read(configuration.GetSection("P"), errors);
        lines = errors.Lines;
        return price is not null && errors.Any ? null : price;
    }
}
