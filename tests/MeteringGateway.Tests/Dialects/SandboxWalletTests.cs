using System.Globalization;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.TestKeys;
using MeteringGateway.Dialects;
using MeteringGateway.Engine;

namespace MeteringGateway.Tests.Dialects;

public sealed class SandboxWalletTests
{
    /// <summary>What a test key sees is what its calls are checked against, and its small ledger leads there.</summary>
    [Theory]
    [InlineData("0.01", 100_000, 2)]
    [InlineData("0.000001", 1_000_000_000, 2)]
    [InlineData("3", 333, 2)]
    [InlineData("5", 200, 2)]
    [InlineData("7", 142, 2)]
    [InlineData("1000", 1, 1)]
    public void Wallet_AtAnyPrice_AddsUpToTheSandboxsBalance(string usd, long balance, int entries)
    {
        var price = decimal.Parse(usd, CultureInfo.InvariantCulture);

        var wallet = new TestKeyWallet(new CreditPrice(price));

        Assert.Equal((balance, balance), (wallet.Balance, TestKeyCall.Balance(new CreditsOptions { Usd = price })));
        Assert.Equal(entries, wallet.Entries.Count);
        Assert.Equal(balance, wallet.Entries.Sum(entry => entry.CreditsDelta));
        Assert.Equal(balance, wallet.Entries[0].BalanceAfter);
    }

    [Fact]
    public void Wallet_ItsEntries_AreAChargeOfTheSandboxAndAPaymentBefore()
    {
        var entries = new TestKeyWallet(new CreditPrice(0.01m)).Entries;

        Assert.Equal(["test-2 usage sandbox -500 100000", "test-1 purchase  100500 100500"],
            entries.Select(entry => $"{entry.EntryId} {entry.EntryType} {entry.Surface} {entry.CreditsDelta} {entry.BalanceAfter}"));
        Assert.Equal(new PaymentFacts("ch_test_sandbox", 100_500, "USD"), PaymentFacts.Of(entries[1]));
    }
}
