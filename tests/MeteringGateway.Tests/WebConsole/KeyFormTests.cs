using MeteringGateway.WebConsole.Account.Keys;
using MeteringGateway.WebConsole.Frame.Forms;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace MeteringGateway.Tests.WebConsole;

public sealed class KeyFormTests
{
    [Fact]
    public void Change_OfWhatWasLeftAlone_SaysNothingOfIt()
    {
        var fields = KeyForm.Change(Form(
            ("name", "k"), ("surfaces", "search"), ("surfaces", "gone"), ("surfaces_before", "gone"), ("surfaces_before", "search"),
            ("expires_at", "2026-05-19"), ("expires_at_before", "2026-05-19")));
        Assert.False(fields.ContainsKey("surfaces"));
        Assert.False(fields.ContainsKey("expires_at"));
    }

    [Fact]
    public void Change_OfNothingAllowed_KeepsAll()
    {
        var fields = KeyForm.Change(Form(("name", "k")));
        Assert.False(fields.ContainsKey("surfaces"));
        Assert.False(fields.ContainsKey("expires_at"));
    }

    [Fact]
    public void Change_OfSurfacesAndEnd_SaysBoth()
    {
        var fields = KeyForm.Change(Form(
            ("name", "k"), ("surfaces", "search"), ("surfaces_before", "search"), ("surfaces_before", "ads"), ("expires_at", ""),
            ("expires_at_before", "2026-05-19")));
        Assert.Equal(["search"], Assert.IsAssignableFrom<IReadOnlyList<string>>(fields["surfaces"]));
        Assert.Null(Assert.Contains("expires_at", (IDictionary<string, object?>)fields));
    }

    [Fact]
    public void Limits_AreThoseThatWereFilledIn()
    {
        var fields = KeyForm.NewKey(Form(("name", "k"), ("limit_DAILY", "300"), ("limit_FIXED", "many")));
        var limits = Assert.IsAssignableFrom<IEnumerable<object>>(fields["limits"]).Cast<Dictionary<string, object?>>();
        Assert.Collection(
            limits,
            daily => Assert.Equal(("RECURRING", "DAILY", 300L), (daily["type"], daily["period"], daily["limit"])),
            whole => Assert.Equal(("FIXED", "many"), (whole["type"], whole["limit"])));
    }

    private static FormFields Form(params (string Name, string Value)[] fields)
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IFormFeature>(new FormFeature(new FormCollection(fields
            .GroupBy(field => field.Name)
            .ToDictionary(group => group.Key, group => new StringValues([.. group.Select(field => field.Value)])))));
        return new FormFields(context);
    }
}
