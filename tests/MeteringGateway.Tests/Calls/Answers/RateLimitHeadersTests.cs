using MeteringGateway.Calls.Answers;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Tests.Calls.Metering;
using Microsoft.AspNetCore.Http;

namespace MeteringGateway.Tests.Calls.Answers;

public sealed class RateLimitHeadersTests
{
    /// <summary>Windows end at midnight, on Monday and on the first; a rest of a second counts as a whole one.</summary>
    [Fact]
    public void Write_EveryLimit_IsOneItemInEachHeader()
    {
        var headers = Write(Seen.With((0, 500, 100, 50), (1, 200, 199, 0), (2, 300, 400, 0), (3, 1000, 0, 0)));

        Assert.Equal(
            "\"fixed\";q=500;qu=\"credits\", \"daily\";q=200;qu=\"credits\";w=86400, "
            + "\"weekly\";q=300;qu=\"credits\";w=604800, \"monthly\";q=1000;qu=\"credits\";w=2678400",
            headers["RateLimit-Policy"]);
        Assert.Equal(
            "\"fixed\";r=350, \"daily\";r=1;t=43200, \"weekly\";r=0;t=388800, \"monthly\";r=1000;t=1771200",
            headers["RateLimit"]);
    }

    [Fact]
    public void Write_OneLimitOfZero_IsThere() => Assert.Equal("\"weekly\";r=0;t=388800", Write(Seen.With((2, 0, 0, 0)))["RateLimit"]);

    /// <summary>The account's own budget is the account's business: a key's holder reads of the key's limits alone.</summary>
    [Fact]
    public void Write_NoLimitOfTheKey_WritesNothing()
    {
        Assert.Empty(Write(Seen.With((Seen.AccountBudget, 500, 0, 0))));
        Assert.Empty(Write(Seen.With()));
        Assert.Empty(Write(default));
        Assert.Empty(Write(new BalanceSnapshot([10])));
    }

    private static HeaderDictionary Write(BalanceSnapshot snapshot)
    {
        var headers = new HeaderDictionary();
        RateLimitHeaders.Write(headers, snapshot);
        return headers;
    }
}
