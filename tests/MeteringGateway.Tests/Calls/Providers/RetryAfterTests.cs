using MeteringGateway.Calls.Providers;

namespace MeteringGateway.Tests.Calls.Providers;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("1", 1)]
    [InlineData(" 120 ", 120)]
    [InlineData("0", null)]
    [InlineData("86400", 86400)]
    [InlineData("86401", 86400)]
    [InlineData("9223372036854775807", 86400)]
    [InlineData("9223372036854775808", 86400)]
    [InlineData("-1", null)]
    [InlineData("1.5", null)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    [InlineData("Sun, 01 Mar 2026 12:00:01 GMT", 1)]
    [InlineData("Sun, 01 Mar 2026 12:00:00 GMT", null)]
    [InlineData("Sun, 01 Mar 2026 11:59:59 GMT", null)]
    [InlineData("Mon, 02 Mar 2026 12:00:00 GMT", 86400)]
    [InlineData("Mon, 02 Mar 2026 12:00:01 GMT", 86400)]
    [InlineData("Tue, 01 Mar 2026 12:00:01 GMT", null)]
    [InlineData("2026-03-01T12:00:01Z", null)]
    public void Read_OneValue_IsSecondsOrADateUpToADay(string value, int? seconds)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Retry-After", value);

        Assert.Equal(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null, RetryAfter.Read(response, s_now));
    }

    [Fact]
    public void Read_NoneOrTwo_SaysNothing()
    {
        using var response = new HttpResponseMessage();
        Assert.Null(RetryAfter.Read(response, s_now));

        response.Headers.TryAddWithoutValidation("Retry-After", ["1", "2"]);
        Assert.Null(RetryAfter.Read(response, s_now));
    }
}
