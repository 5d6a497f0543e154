using MeteringGateway.Cli;
using Microsoft.Extensions.Configuration;

namespace MeteringGateway.Tests.Cli;

/// <summary>Where the health check looks; that it finds what a gateway says there is shown on the published image.</summary>
public sealed class HealthcheckTests
{
    [Theory]
    [InlineData("http://0.0.0.0:8080", null, "http://127.0.0.1:8080/")]
    [InlineData("http://*:8080;http://127.0.0.1:9000", null, "http://127.0.0.1:8080/")]
    [InlineData("http://+:8080/", null, "http://127.0.0.1:8080/")]
    [InlineData("http://[::]:8080", null, "http://[::1]:8080/")]
    [InlineData("http://10.0.0.7:8080", null, "http://10.0.0.7:8080/")]
    [InlineData("https://localhost:8443", null, "https://localhost:8443/")]
    [InlineData("http://0.0.0.0:8080", "http://0.0.0.0:9464", "http://127.0.0.1:9464/")]
    public void Address_IsTheFirstWhereProbesAreServed(string urls, string? management, string expected) =>
        Assert.Equal(expected, HealthcheckCommand.AddressOf(Configure(("Urls", urls), ("Management:Urls", management)))!.ToString());

    [Fact]
    public void Address_OfAList_IsItsFirst() => Assert.Equal(
        "http://127.0.0.1:9464/",
        HealthcheckCommand.AddressOf(Configure(("Management:Urls:0", "http://127.0.0.1:9464"), ("Urls", "http://*:1")))!.ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("not an address")]
    public void Address_ThatNothingSays_IsNone(string? urls) => Assert.Null(HealthcheckCommand.AddressOf(Configure(("Urls", urls))));

    [Theory]
    [InlineData("gateway:8080")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("")]
    public async Task Url_ThatIsNone_IsRefusedWithOneThatIs(string url)
    {
        using StringWriter output = new(), error = new();
        Assert.Equal(2, await CommandLine.RunAsync(["healthcheck", "--url", url], output, error));
        Assert.Contains("http://127.0.0.1:8080", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("", output.ToString());
    }

    private static IConfiguration Configure(params (string Key, string? Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value))
        .Build();
}
