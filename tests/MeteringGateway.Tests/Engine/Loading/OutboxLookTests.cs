using MeteringGateway.Engine.Loading.Batches;

namespace MeteringGateway.Tests.Engine.Loading;

public sealed class OutboxLookTests
{
    [Fact]
    public void Look_AfterAnother_AddsToItOrReplacesIt()
    {
        var look = OutboxLook.None(7);
        Assert.Equal((7, "", false), (look.Epoch, look.NewestEntry, look.MayHave(11)));
        look = look.Next(new WaitingAnswer(WaitingStatus.Whole, "a", ["11"]))!;
        Assert.Equal((7, "a", true, false), (look.Epoch, look.NewestEntry, look.MayHave(11), look.MayHave(12)));
        look = look.Next(new WaitingAnswer(WaitingStatus.Newer, "b", ["12"]))!;
        Assert.Equal(("b", true, true), (look.NewestEntry, look.MayHave(11), look.MayHave(12)));
        look = look.Next(new WaitingAnswer(WaitingStatus.Whole, "c", ["12"]))!;
        Assert.Equal(("c", false, true), (look.NewestEntry, look.MayHave(11), look.MayHave(12)));
    }

    [Fact]
    public void Look_ThatReadNothing_SaysNothingOfAnyAccount() =>
        Assert.Null(OutboxLook.None(7).Next(new WaitingAnswer(WaitingStatus.Unread, "", [])));

    [Theory]
    [InlineData(4_096, "a")]
    [InlineData(4_097, "")]
    public void Look_ThatListsMoreThanIsRemembered_BeginsAnew(int accounts, string newest)
    {
        var listed = Enumerable.Range(1, accounts).Select(id => $"{id}").ToArray();
        var look = OutboxLook.None(7).Next(new WaitingAnswer(WaitingStatus.Whole, "a", listed))!;
        Assert.True(look.MayHave(accounts));
        Assert.Equal((newest, 7), (look.Remembered().NewestEntry, look.Remembered().Epoch));
    }
}
