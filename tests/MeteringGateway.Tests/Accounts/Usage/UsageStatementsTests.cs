using MeteringGateway.Tests.Repository;

namespace MeteringGateway.Tests.Accounts.Usage;

/// <summary>Charts and sums are read from what is added up: the ledger grows for ever, and a page must not grow with it.</summary>
public sealed class UsageStatementsTests
{
    private static readonly string s_folder = Path.Combine(TidyTests.Root, "src/MeteringGateway/Accounts/Usage");

    [Fact]
    public void Statements_ThatReadUsage_NeverNameTheLedger()
    {
        var readers = Directory.GetFiles(s_folder, "read-*.sql");
        Assert.True(readers.Length >= 7, "The statements were not found.");
        Assert.All(readers, path => Assert.DoesNotContain("ledger_entries", File.ReadAllText(path), StringComparison.Ordinal));
    }

    [Fact]
    public void Statements_ThatNameTheLedger_GoByAccountAndNumber()
    {
        var others = Directory.GetFiles(s_folder, "*.sql")
            .Where(path => File.ReadAllText(path).Contains("ledger_entries", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            ["add-up-usage.sql", "usage-as-of-all.sql", "usage-as-of.sql"],
            others.Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.All(others, path => Assert.Matches("account_id = [^;]*seq", File.ReadAllText(path)));
    }
}
