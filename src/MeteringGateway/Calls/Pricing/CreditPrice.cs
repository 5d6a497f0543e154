namespace MeteringGateway.Calls.Pricing;

/// <summary>
/// What a credit is worth, and the only place where credits and cents are converted. Money that a client pays becomes credits rounded
/// down, so that no credit is given that was not paid for. Credits that are shown as money are the exact product, rounded to whole
/// cents half away from zero, so that a debit and a credit of the same size show the same amount.
/// </summary>
internal sealed class CreditPrice(decimal usd)
{
    /// <summary>A balance is at most 10^15 credits; beyond this a number of cents is shown as this.</summary>
    private const long MostCents = 1_000_000_000_000_000_000;

    public decimal Usd => usd;

    /// <summary>The credits for a payment, rounded down: 0 where it does not buy one.</summary>
    public long CreditsFor(long cents) => (long)Math.Min(MostCents, decimal.Floor(cents / (usd * 100)));

    /// <summary>
    /// The cents for credits that are bought one by one, rounded up: never more than the cents that <see cref="CreditsFor"/> made them of.
    /// </summary>
    public long PriceOf(long credits) => (long)Math.Min(MostCents, decimal.Ceiling(credits * usd * 100));

    public long CentsFor(long credits)
    {
        var cents = Math.Round(credits * usd * 100, MidpointRounding.AwayFromZero);
        return (long)Math.Clamp(cents, -MostCents, MostCents);
    }

    /// <summary>Exact, for the dialects that show dollars.</summary>
    public decimal UsdFor(long credits) => credits * usd;
}
