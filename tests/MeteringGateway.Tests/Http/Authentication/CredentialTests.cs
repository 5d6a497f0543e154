using MeteringGateway.Http.Authentication;
using Microsoft.AspNetCore.Http;

namespace MeteringGateway.Tests.Http.Authentication;

public sealed class CredentialTests
{
    [Theory]
    [InlineData(null, null, "Missing", "")]
    [InlineData("Bearer abc", null, "Present", "abc")]
    [InlineData("bearer abc", null, "Present", "abc")]
    [InlineData(null, "abc", "Present", "abc")]
    [InlineData("Bearer abc", "abc", "Present", "abc")]
    [InlineData("Bearer abc", "abd", "Malformed", "")]
    [InlineData("Bearer abc", "", "Malformed", "")]
    [InlineData("Bearer ", null, "Malformed", "")]
    [InlineData("Bearer  abc", null, "Malformed", "")]
    [InlineData("Bearer a b", null, "Malformed", "")]
    [InlineData("Basic abc", null, "Malformed", "")]
    [InlineData("abc", null, "Malformed", "")]
    [InlineData("Bearer ä", null, "Malformed", "")]
    public void Read_Headers_GiveOneSecretOrNone(string? authorization, string? apiKey, string status, string value)
    {
        var headers = new HeaderDictionary();
        if (authorization is not null)
        {
            headers["Authorization"] = authorization;
        }

        if (apiKey is not null)
        {
            headers["X-Api-Key"] = apiKey;
        }

        var credential = Credential.Read(headers);

        Assert.Equal(status, credential.Status.ToString());
        Assert.Equal(value, credential.Value);
    }

    [Fact]
    public void Read_HeaderGivenTwice_IsMalformed()
    {
        var bearer = new HeaderDictionary { ["Authorization"] = new(["Bearer a", "Bearer a"]) };
        var plain = new HeaderDictionary { ["X-Api-Key"] = new(["a", "a"]) };

        Assert.Equal(CredentialStatus.Malformed, Credential.Read(bearer).Status);
        Assert.Equal(CredentialStatus.Malformed, Credential.Read(plain).Status);
    }

    [Theory]
    [InlineData(8192, "Present")]
    [InlineData(8193, "Malformed")]
    public void Read_Length_IsBounded(int length, string status) =>
        Assert.Equal(status, Credential.Read(new HeaderDictionary { ["X-Api-Key"] = new string('a', length) }).Status.ToString());

    [Fact]
    public void ReadWithSessions_SessionHeaders_AreTaken()
    {
        Assert.Equal("s", Credential.ReadWithSessions(new HeaderDictionary { ["X-Kendr-Session"] = "s" }).Value);
        Assert.Equal("s", Credential.ReadWithSessions(new HeaderDictionary { ["X-Session"] = "s", ["Authorization"] = "Bearer s" }).Value);
        Assert.Equal(
            CredentialStatus.Malformed,
            Credential.ReadWithSessions(new HeaderDictionary { ["X-Session"] = "s", ["X-Api-Key"] = "t" }).Status);
        Assert.Equal(CredentialStatus.Missing, Credential.Read(new HeaderDictionary { ["X-Session"] = "s" }).Status);
    }
}
