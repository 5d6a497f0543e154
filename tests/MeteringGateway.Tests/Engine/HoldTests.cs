using MeteringGateway.Engine.Calls;

namespace MeteringGateway.Tests.Engine;

public sealed class HoldTests
{
    /// <summary>However often a reserve is tried, each try's hold is its own and leads back to the one request.</summary>
    [Theory]
    [InlineData("0HN1:00000001", 1, "0HN1:00000001")]
    [InlineData("0HN1:00000001", 2, "0HN1:00000001.2")]
    [InlineData("0HN1:00000001", 12, "0HN1:00000001.12")]
    public void IdOf_EachTry_LeadsBackToItsRequest(string request, int attempt, string id)
    {
        Assert.Equal(id, Hold.IdOf(request, attempt));
        Assert.Equal(request, Hold.RequestOf(id));
    }
}
