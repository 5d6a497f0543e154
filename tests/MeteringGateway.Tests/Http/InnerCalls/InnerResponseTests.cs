using MeteringGateway.Http.Bounds;
using MeteringGateway.Http.InnerCalls;

namespace MeteringGateway.Tests.Http.InnerCalls;

public sealed class InnerResponseTests
{
    [Theory]
    [InlineData(6, 6, false)]
    [InlineData(5, 3, true)]
    [InlineData(0, 0, true)]
    public async Task Body_BeyondItsBound_IsPassedOver(int bound, int kept, bool isCut)
    {
        var response = new InnerResponse(bound, lease: null);
        await response.BodyFeature.Stream.WriteAsync(new byte[3]);
        await response.BodyFeature.Stream.WriteAsync(new byte[3]);

        Assert.Equal((kept, isCut), (response.Kept.Length, response.IsCut));
        Assert.True(response.HasStarted);
    }

    [Fact]
    public async Task Body_ThatThereIsNoRoomFor_IsPassedOverAndGivenBack()
    {
        var budget = new BufferBudget(4);
        using (var lease = new BodyLease(budget))
        {
            var response = new InnerResponse(100, lease);
            await response.BodyFeature.Stream.WriteAsync(new byte[3]);
            await response.BodyFeature.Stream.WriteAsync(new byte[3]);

            Assert.Equal((3, true, 3), (response.Kept.Length, response.IsCut, budget.Used));
        }

        Assert.Equal(0, budget.Used);
    }
}
