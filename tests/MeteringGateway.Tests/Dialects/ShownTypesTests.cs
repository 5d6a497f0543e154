using MeteringGateway.Accounts.LedgerOperations;
using MeteringGateway.Dialects;
using MeteringGateway.Dialects.Billing;
using MeteringGateway.Ledger.Reading;

namespace MeteringGateway.Tests.Dialects;

public sealed class ShownTypesTests
{
    private static readonly string[] s_types =
        ["usage", "purchase", "subscription", "refund", "reversal", "bonus", "support", "checkin", "coupon", "adjustment", "expiry", "*"];

    private static readonly Func<EntryName, string>[] s_dialects =
        [name => name.Kendr, name => name.Dessert, name => name.Billing, name => name.Conduit, name => name.Wren];

    /// <summary>
    /// A filter by a shown name finds exactly the entries that are shown under that name: in each dialect, of each type, with each sign.
    /// </summary>
    [Fact]
    public void ShownAs_EachNameOfEachDialect_FindsExactlyWhatIsShownUnderIt()
    {
        foreach (var dialect in s_dialects)
        {
            var all = s_types.SelectMany(type => new[] { (Type: type, Delta: 5L), (Type: type, Delta: -5L) }).ToList();
            foreach (var shown in all.Select(entry => dialect(EntryNames.Of(entry.Type, entry.Delta))).Distinct())
            {
                var (types, fault) = EntryNames.ShownAs(shown, dialect);

                Assert.Null(fault);
                Assert.All(all, entry => Assert.Equal(dialect(EntryNames.Of(entry.Type, entry.Delta)) == shown,
                    types!.Matches(entry.Type, entry.Delta)));
            }
        }
    }

    [Theory]
    [InlineData("Bonus", null)]
    [InlineData("bonus", "must be Bonus or Deduction or Purchase or Refund")]
    [InlineData("adjustment", "must be Bonus or Deduction or Purchase or Refund")]
    public void ShownAs_InAClosedList_AnotherNameIsASlip(string shown, string? fault) =>
        Assert.Equal(fault, EntryNames.ShownAs(shown, name => name.Dessert).Fault);

    /// <summary>The operator's answer shows a type under both of its names, so either finds it.</summary>
    [Theory]
    [InlineData("usage", "usage", -5, true)]
    [InlineData("ai_usage", "usage", -5, true)]
    [InlineData("purchase", "purchase", 5, true)]
    [InlineData("purchase", "usage", -5, false)]
    [InlineData("adjustment", "adjustment", -5, true)]
    [InlineData("adjustment", "bonus", 5, false)]
    public void TypeNames_OfTheOperator_FindUnderBoth(string shown, string type, long delta, bool found) =>
        Assert.Equal(found, BillingMembers.TypeNames(shown).Types!.Matches(type, delta));

    /// <summary>From its start on, before its end, and each other filter alone.</summary>
    [Fact]
    public void Matches_EachFilter_TakesItsOwnSideOfTheBound()
    {
        var entry = Entries.Of("usage", -5);
        (EntryFilter Filter, bool Found)[] table =
        [
            (EntryFilter.None, true),
            (EntryFilter.None with { From = Entries.At }, true),
            (EntryFilter.None with { From = Entries.At.AddTicks(1) }, false),
            (EntryFilter.None with { To = Entries.At }, false),
            (EntryFilter.None with { To = Entries.At.AddTicks(1) }, true),
            (EntryFilter.None with { EntryId = "e-1" }, true),
            (EntryFilter.None with { EntryId = "E-1" }, false),
            (EntryFilter.None with { KeyId = 5 }, true),
            (EntryFilter.None with { KeyId = 6 }, false),
            (EntryFilter.None with { Surface = "search" }, true),
            (EntryFilter.None with { Surface = "ads" }, false),
            (EntryFilter.None with { Types = EntryFilterReader.OwnNames("usage").Types }, true),
            (EntryFilter.None with { Types = EntryFilterReader.OwnNames("purchase").Types }, false),
            (EntryFilter.None with { KeyId = 5, Surface = "ads" }, false),
        ];

        Assert.All(table, row => Assert.Equal(row.Found, row.Filter.Matches(entry)));
    }
}
