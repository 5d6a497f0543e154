using System.Text.RegularExpressions;
using MeteringGateway.Sales.Payments.Stripe;
using MeteringGateway.Tests.Repository;

namespace MeteringGateway.Tests.Sales.Payments;

/// <summary>An event that the guide does not have is ticked by nobody, and is missed.</summary>
public sealed partial class PaymentGuideTests
{
    [Fact]
    public void EventsToTick_AreThoseThatAreRead() =>
        Assert.Equal(
            StripeEvents.Types.Order(StringComparer.Ordinal),
            Listed().Match(File.ReadAllText(Path.Combine(TidyTests.Root, "docs/payments.md"))).Groups[1].Value
                .Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"```text\n((?:[a-z_]+\.[a-z_.]+\n)+)```")]
    private static partial Regex Listed();
}
