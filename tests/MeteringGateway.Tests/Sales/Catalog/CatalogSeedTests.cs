using MeteringGateway.Configuration;
using MeteringGateway.Sales.Catalog;
using Microsoft.Extensions.Configuration;

namespace MeteringGateway.Tests.Sales.Catalog;

public sealed class CatalogSeedTests
{
    [Theory]
    [InlineData("Host=a;Password=geheim")]
    [InlineData("postgresql://postgres:geheim@127.0.0.1/db")]
    [InlineData("a\nb")]
    public void Load_WithASecretInPlaceOfAFile_ShowsNoneOfItInOneLine(string named)
    {
        var errors = new ConfigurationErrors();

        CatalogSeed.Load(new ConfigurationBuilder().AddInMemoryCollection([new("Catalog:File", named)]).Build(), errors);

        var line = Assert.Single(errors.Lines);
        Assert.StartsWith("Catalog:File is ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }
}
