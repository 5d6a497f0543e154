namespace MeteringGateway.FaultTests.Mutations;

public sealed class CatalogueTests
{
    public static TheoryData<string> Names => [.. Catalogue.All.Select(mutation => mutation.What)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Mutation_OfTheCatalogue_StillFitsTheCode(string what)
    {
        var mutation = Catalogue.All.Single(mutation => mutation.What == what);
        Assert.All(mutation.Edits, edit =>
        {
            var text = File.ReadAllText(Path.Combine(MutationRun.Root(), edit.File));
            Assert.NotNull(edit.ApplyTo(text));
            Assert.NotEqual(text, edit.ApplyTo(text));
        });
    }
}
