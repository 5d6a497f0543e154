using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Tests.Engine.Scripts;

public sealed class PackedHoldTests
{
    [Theory]
    [InlineData("v1|12|34|5|20778|2968|24322|1795238167575")]
    [InlineData("12|34|5|20778|2968|24322|1795238167575")]
    public void Hold_WithAndWithoutTheNumberOfItsFormat_ReadsTheSame(string packed)
    {
        Assert.True(PackedHold.TryParse(packed, out var hold));
        Assert.Equal(new PackedHold(12, 34, 5, 1_795_238_167_575), hold);
    }

    [Theory]
    [InlineData("")]
    [InlineData("v2|12|34|5|20778|2968|24322|1795238167575")]
    [InlineData("v1|v1|12|34|5|20778|2968|24322|1795238167575")]
    [InlineData("1|12|34|5|20778|2968|24322|1795238167575")]
    [InlineData("12|34|5|20778|2968|24322")]
    [InlineData("12|34|-5|20778|2968|24322|1795238167575")]
    [InlineData("12|34||20778|2968|24322|1795238167575")]
    [InlineData("12|34|5|20778|2968|24322|99999999999999999999")]
    public void Hold_ThatIsNone_IsRefused(string packed) => Assert.False(PackedHold.TryParse(packed, out _));
}
