using System.Text.Json;
using System.Text.RegularExpressions;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Configuration;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Mcp.Tools;
using Microsoft.Extensions.Configuration;

namespace MeteringGateway.Tests.Mcp;

public sealed partial class ToolCatalogTests
{
    private static readonly AccountIdentity s_key = new(1, 1, KeyMode.Live, AccountIdentity.Key);
    private static readonly AccountIdentity s_session = new(1, 1, null, AccountIdentity.Session);
    private static readonly ToolCatalog s_catalog = Catalog(writes: true);

    private static readonly IReadOnlyList<ServedTool> s_all =
        [.. s_catalog.Listed(s_key, isDessert: false).Concat(s_catalog.Listed(s_session, isDessert: false)).DistinctBy(tool => tool.Name)];

    [Fact]
    public void Tools_HaveNamesThatModelsTakeAndWordsForEachArgument()
    {
        Assert.Equal(10, s_all.Count);
        Assert.All(s_all, tool =>
        {
            var listed = tool.Listed;
            Assert.Matches(ModelsName(), tool.Name);
            Assert.False(string.IsNullOrWhiteSpace(listed.Title) || string.IsNullOrWhiteSpace(listed.Description));
            Assert.All(
                listed.InputSchema.GetProperty("properties").EnumerateObject(),
                argument => Assert.NotEmpty(argument.Value.GetProperty("description").GetString()!));
            Assert.False(listed.InputSchema.GetProperty("additionalProperties").GetBoolean());
            Assert.NotNull(listed.Annotations!.ReadOnlyHint);
        });
    }

    /// <summary>One without would be described by the protocol's own type, and a client then refuses the whole list.</summary>
    [Fact]
    public void Tools_SayWhatTheyAnswer() => Assert.All(s_all, tool =>
    {
        var schema = tool.Listed.OutputSchema!.Value;
        Assert.Equal("object", schema.GetProperty("type").GetString());
        Assert.Equal(JsonValueKind.Object, schema.GetProperty("properties").ValueKind);
    });

    [Theory]
    [InlineData("get_balance", true, false)]
    [InlineData("quote", true, false)]
    [InlineData("query", false, true)]
    [InlineData("create_key", false, false)]
    [InlineData("set_key_limit", false, true)]
    [InlineData("revoke_key", false, true)]
    public void Tools_SayWhetherTheyOnlyLook(string name, bool isReadOnly, bool isDestructive)
    {
        var hints = s_all.Single(tool => tool.Name == name).Listed.Annotations!;
        Assert.Equal((isReadOnly, isDestructive), (hints.ReadOnlyHint!.Value, hints.DestructiveHint!.Value));
    }

    [Fact]
    public void Writers_AreListedOnlyWhereTheyAreOnAndToSessions()
    {
        var plain = Catalog(writes: false);
        Assert.Equal(3, plain.Listed(s_session, isDessert: false).Count());
        Assert.Equal(7, s_catalog.Listed(s_session, isDessert: false).Count());
        Assert.Equal(6, s_catalog.Listed(s_key, isDessert: false).Count());
        Assert.NotNull(plain.Refuse(plain.Find("revoke_key", isDessert: false)!, s_session));
    }

    [Fact]
    public void DessertsName_IsFoundAtBothAddresses()
    {
        Assert.Equal("dessert.get_balance", s_catalog.Find("dessert.get_balance", isDessert: false)!.Name);
        Assert.Equal("dessert.get_balance", Assert.Single(s_catalog.Listed(s_session, isDessert: true)).Name);
        Assert.Null(s_catalog.Find("query", isDessert: true));
    }

    private static ToolCatalog Catalog(bool writes)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ReverseProxy:Clusters:alpha:Destinations:a1:Address"] = "http://127.0.0.1:9101",
            ["Surfaces:search:Price:Credits"] = "2",
            ["Surfaces:search:Providers:0"] = "alpha",
        }).Build();
        var errors = new ConfigurationErrors();
        var surfaces = SurfaceCatalogReader.Read(configuration, errors);
        errors.ThrowIfAny();
        return new ToolCatalog(new SurfaceSource(surfaces!), new CreditPrice(0.01m), writes);
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$")]
    private static partial Regex ModelsName();
}
