using MeteringGateway.Accounts.Usage;

namespace MeteringGateway.Tests.Accounts.Usage;

public sealed class UsageAgeTests
{
    private static readonly DateTimeOffset s_read = new(2026, 5, 19, 18, 24, 10, TimeSpan.Zero);

    /// <param name="flushedAgo">In seconds; null: no flush.</param>
    /// <param name="uncountedAgo">The first charge that is not added up, in seconds before the read; null: there is none.</param>
    /// <param name="asOfAgo">The right answer, in seconds before the read. The last entry is five seconds old.</param>
    [Theory]
    [InlineData(0.5, null, 0.5)]
    [InlineData(0.5, 2.0, 2.0)]
    [InlineData(2.0, 1.0, 2.0)]
    [InlineData(null, null, 5.0)]
    [InlineData(null, 7.0, 7.0)]
    public void AsOf_IsNeverLaterThanWhatIsMissing(double? flushedAgo, double? uncountedAgo, double asOfAgo)
    {
        var age = new UsageAge
        {
            ReadAt = s_read,
            LastEntry = s_read.AddSeconds(-5),
            FirstUncounted = uncountedAgo is { } ago ? s_read.AddSeconds(-ago) : null,
        };

        Assert.Equal(s_read.AddSeconds(-asOfAgo), age.AsOf(flushedAgo is { } flushed ? TimeSpan.FromSeconds(flushed) : null));
    }
}
