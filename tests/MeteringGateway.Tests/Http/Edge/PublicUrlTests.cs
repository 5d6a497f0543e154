using MeteringGateway.Configuration;
using MeteringGateway.Http.Edge;
using Microsoft.Extensions.Configuration;

namespace MeteringGateway.Tests.Http.Edge;

public sealed class PublicUrlTests
{
    [Theory]
    [InlineData("https://api.example.com", "http://127.0.0.1:8080", "https://api.example.com")]
    [InlineData("https://api.example.com/gate/", "http://127.0.0.1:8080", "https://api.example.com/gate")]
    [InlineData(null, "http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("", "http://gate.local:8080;http://127.0.0.1:9090", "http://gate.local:8080")]
    [InlineData(null, "http://0.0.0.0:8080", "http://127.0.0.1:8080")]
    [InlineData(null, "http://*:8080", "http://127.0.0.1:8080")]
    [InlineData(null, "http://+:80", "http://127.0.0.1")]
    [InlineData(null, "http://[::]:8080", "http://127.0.0.1:8080")]
    [InlineData(null, "http://[::1]:8080", "http://[::1]:8080")]
    public void Of_Settings_IsWhereAClientGoes(string? configured, string? urls, string expected) =>
        Assert.Equal(expected, PublicUrl.Of(configured, urls));

    [Theory]
    [InlineData("https://api.example.com", true)]
    [InlineData("http://127.0.0.1:8080/below", true)]
    [InlineData("api.example.com", false)]
    [InlineData("ftp://api.example.com", false)]
    [InlineData("https://user:secret@api.example.com", false)]
    [InlineData("https://api.example.com?a=b", false)]
    [InlineData("https://api.example.com#a", false)]
    public void Check_AnAddress_IsOneToGiveOut(string text, bool isGood)
    {
        var errors = new ConfigurationErrors();
        PublicUrl.Check(Settings(("PublicUrl", text)), errors);
        Assert.Equal(isGood, !errors.Any);
        Assert.DoesNotContain(errors.Lines, line => line.Contains("secret", StringComparison.Ordinal));
    }

    internal static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(pair => new KeyValuePair<string, string?>(pair.Key, pair.Value))).Build();
}
