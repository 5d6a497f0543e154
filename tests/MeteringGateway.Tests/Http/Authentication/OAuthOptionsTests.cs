using MeteringGateway.Configuration;
using MeteringGateway.Http.Authentication;

namespace MeteringGateway.Tests.Http.Authentication;

public sealed class OAuthOptionsTests
{
    [Fact]
    public void Check_Unset_IsFine()
    {
        var errors = new ConfigurationErrors();
        new OAuthOptions().Check(errors);
        Assert.False(errors.Any);
    }

    [Fact]
    public void Check_EndpointAlone_NamesWhatIsMissing()
    {
        var errors = new ConfigurationErrors();
        new OAuthOptions { IntrospectionEndpoint = "id.example.com" }.Check(errors);
        Assert.Equal(
            [
                "OAuth:IntrospectionEndpoint is 'id.example.com': must be an address like https://id.example.com/oauth/introspect",
                "OAuth:ClientId is missing: must be the gateway's name at the identity provider",
                "OAuth:ClientSecret is missing: must be the gateway's secret at the identity provider",
            ],
            errors.Lines);
    }
}
