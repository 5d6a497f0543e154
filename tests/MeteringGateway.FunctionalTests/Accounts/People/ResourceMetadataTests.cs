using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace MeteringGateway.FunctionalTests.Accounts.People;

/// <summary>What tells a client of <c>/mcp</c> where to get a token, where the tokens of an identity provider are taken.</summary>
[Collection(PeopleTestGroup.Name)]
public sealed class ResourceMetadataTests(PeopleGateway gateway)
{
    /// <summary>The framework would keep each request in an ambient variable for all to read, of the calls that earn money, too.</summary>
    [Fact]
    public void Tools_LeaveNothingInFrontOfTheMeteredCall() =>
        Assert.Null(gateway.Get<IServiceProvider>().GetService(typeof(IHttpContextAccessor)));

    [Fact]
    public async Task Refusal_NamesTheDocumentThatNamesTheProvider()
    {
        var refused = await gateway.Client.SendAsync(
            HttpMethod.Post, "mcp", null, new StringContent("{}", Encoding.UTF8, "application/json"));
        var header = refused.Headers["WWW-Authenticate"];
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.StartsWith("Bearer ", header, StringComparison.Ordinal);
        Assert.EndsWith("/.well-known/oauth-protected-resource/mcp\"", header, StringComparison.Ordinal);

        var document = (await gateway.Client.SendAsync(HttpMethod.Get, ".well-known/oauth-protected-resource/mcp", null, null))
            .Expect(HttpStatusCode.OK);
        Assert.EndsWith("/mcp", document.GetProperty("resource").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            gateway.IdentityProvider.Address, Assert.Single(document.GetProperty("authorization_servers").EnumerateArray()).GetString());
    }
}
