using MeteringGateway.Sales.Rewards;
using MeteringGateway.Tests.Http.Requests;

namespace MeteringGateway.Tests.Sales.Rewards;

public sealed class NewCouponTests
{
    [Theory]
    [InlineData("""{"code":"ABC","credits":1,"max_uses":1}""")]
    [InlineData(
        """{"code":"Welcome_2026-x","credits":1000000000000,"max_uses":2147483647,"starts_at":"2026-01-01T00:00:00Z","expires_at":"2026-01-01T00:00:01Z"}""")]
    [InlineData("""{"code":"abc","credits":1,"max_uses":1,"starts_at":null,"expires_at":"2020-01-01T00:00:00Z"}""")]
    public void Read_Right_IsTaken(string json)
    {
        var fields = Body.Fields(json);
        Assert.NotNull(NewCoupon.Read(fields));
        Assert.Empty(fields.Errors);
    }

    [Theory]
    [InlineData("{}", "#/code #/credits #/max_uses")]
    [InlineData("""{"code":"AB","credits":0,"max_uses":0}""", "#/code #/credits #/max_uses")]
    [InlineData("""{"code":"A B","credits":1.5,"max_uses":2147483648}""", "#/code #/credits #/max_uses")]
    [InlineData("""{"code":"ABC","credits":1000000000001,"max_uses":"1","uses":3}""", "#/credits #/max_uses #/uses")]
    [InlineData(
        """{"code":"ABC","credits":1,"max_uses":1,"starts_at":"2026-01-01T00:00:00Z","expires_at":"2026-01-01T00:00:00Z"}""",
        "#/expires_at")]
    [InlineData("""{"code":"ABC","credits":1,"max_uses":1,"starts_at":"2026-01-01","expires_at":"soon"}""", "#/starts_at #/expires_at")]
    public void Read_Wrong_NamesAllOfIt(string json, string pointers)
    {
        var fields = Body.Fields(json);
        Assert.Null(NewCoupon.Read(fields));
        Assert.Equal(pointers, Body.Pointers(fields.Errors));
    }
}
