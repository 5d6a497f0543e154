using System.Collections.Frozen;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Surfaces;

namespace MeteringGateway.Tests.Calls.Surfaces;

public sealed class SurfaceChangeTests
{
    private static readonly Surface s_search = new(
        "search", "Search", null, new FlatPrice(2), ["alpha", "beta"], TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2),
            new[] { 500 }.ToFrozenSet(), 1000)
    {
        PriceText = """{"credits":2}""",
    };

    [Fact]
    public void Between_TheSame_IsNothing() => Assert.Empty(SurfaceChange.Between(Catalog(s_search), Catalog(s_search with { })));

    /// <summary>A price that changed is a number to everybody who reads a log.</summary>
    [Fact]
    public void Between_AnotherPrice_SaysBoth()
    {
        var change = Assert.Single(SurfaceChange.Between(
            Catalog(s_search), Catalog(s_search with { Price = new FlatPrice(7), PriceText = """{"credits":7}""" })));

        Assert.Equal(("surface.changed", "price of search: 2 → 7"), (change.Action, Assert.Single(change.Lines)));
    }

    [Fact]
    public void Between_ComeAndGone_IsInTheOrderOfTheirNames()
    {
        var changes = SurfaceChange.Between(Catalog(s_search), Catalog(s_search with { Slug = "ads" }));

        Assert.Equal(["surface.added ads", "surface.removed search"], changes.Select(change => $"{change.Action} {change.Slug}"));
        Assert.Equal(["surface ads is new, price 2", "surface search is gone"], changes.SelectMany(change => change.Lines));
    }

    private static SurfaceCatalog Catalog(params Surface[] surfaces) => new(
        surfaces.ToFrozenDictionary(surface => surface.Slug), [.. surfaces.Select(surface => surface.Slug)],
        FrozenDictionary<string, Provider>.Empty, 1000);
}
