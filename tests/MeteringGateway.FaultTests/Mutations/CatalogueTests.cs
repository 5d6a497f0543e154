namespace MeteringGateway.FaultTests.Mutations;

public sealed class CatalogueTests
{
    public static TheoryData<string> Names => [.. Catalogue.All.Select(mutation => mutation.What)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Mutation_OfTheCatalogue_StillFitsTheCode(string what)
    {
        var mutation = Catalogue.All.Single(mutation => mutation.What == what);
        var text = File.ReadAllText(Path.Combine(MutationRun.Root(), mutation.File));
        Assert.NotNull(mutation.ApplyTo(text));
        Assert.NotEqual(text, mutation.ApplyTo(text));
    }
}
