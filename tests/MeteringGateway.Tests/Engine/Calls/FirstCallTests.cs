using MeteringGateway.Engine.Calls;

namespace MeteringGateway.Tests.Engine.Calls;

public sealed class FirstCallTests
{
    [Theory]
    [InlineData("h|print|request|request.2", "request", null, null)]
    [InlineData("c|print|request|7", "request", 7L, null)]
    [InlineData("c|print|request|7|93", "request", 7L, 93L)]
    public void Record_AsTheScriptWritesIt_NamesTheCall(string record, string request, long? charged, long? balance) =>
        Assert.Equal(new FirstCall(request, charged, balance), FirstCall.Of(record));

    [Theory]
    [InlineData("")]
    [InlineData("c|print|request")]
    [InlineData("c|print|request|seven")]
    [InlineData("c|print|request|-7")]
    [InlineData("c|print|request|7|")]
    [InlineData("c|print|request|7|93|1")]
    [InlineData("x|print|request|7")]
    public void Record_ThatIsNone_NamesNobody(string record) => Assert.Null(FirstCall.Of(record));
}
