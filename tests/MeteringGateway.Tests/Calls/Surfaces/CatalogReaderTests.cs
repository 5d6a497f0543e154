using System.Text;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Pricing.Usage;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Configuration;
using Microsoft.Extensions.Configuration;

namespace MeteringGateway.Tests.Calls.Surfaces;

public class CatalogReaderTests
{
    private const string Contract = """
        {
          "ReverseProxy": { "Clusters": {
            "alpha": { "Destinations": { "a1": { "Address": "http://127.0.0.1:9101" } },
                       "Metadata": { "Path": "/v1/answer", "Header:Authorization": "Bearer ${ALPHA_KEY}" } },
            "beta":  { "Destinations": { "b1": { "Address": "http://127.0.0.1:9102" } } } } },
          "Surfaces": {
            "search": { "Name": "Web search", "Price": { "Credits": 2 }, "Providers": ["alpha", "Beta"], "AttemptTimeout": "00:00:05", "TotalTimeout": "00:00:15" },
            "ads":    { "Name": "Ad generation", "Price": { "Per": "count", "By": "format", "Credits": { "static": 5, "16:9": 15 } }, "Providers": ["alpha"], "MaxRequestBytes": 2097152 },
            "many":   { "Price": { "Per": "count", "Credits": 4 }, "Providers": ["alpha"], "TotalTimeout": "00:00:03", "FallbackStatuses": [] },
            "chat":   { "Name": "Chat", "Price": { "Usage": "usage.total_tokens", "CreditsPerThousand": 3, "MaxCredits": 50 }, "Providers": ["alpha", "beta"] }
          }
        }
        """;

    [Fact]
    public void Read_ContractExample_EverythingRead()
    {
        var catalog = Read(Json(Contract), out var errors)!;

        Assert.Empty(errors);
        Assert.Equal(["ads", "chat", "many", "search"], catalog.Slugs.ToArray());
        Assert.Equal(2097152, catalog.MaxRequestBytes);
        var search = catalog.BySlug["search"];
        Assert.Equal(new FlatPrice(2), search.Price);
        Assert.Equal(["alpha", "beta"], search.Providers.ToArray());
        Assert.Equal(TimeSpan.FromSeconds(5), search.AttemptTimeout);
        Assert.True(search.FallbackStatuses.SetEquals([408, 429, 500, 502, 503, 504]));
        var ads = Assert.IsType<OptionPrice>(catalog.BySlug["ads"].Price);
        Assert.Equal(("count", "format", 5, 15), (ads.Per, ads.By, ads.Credits["static"], ads.Credits["16:9"]));
        var many = Assert.IsType<OptionPrice>(catalog.BySlug["many"].Price);
        Assert.Equal(("count", null, 4), (many.Per, many.By, many.Credits[""]));
        Assert.Equal(("many", TimeSpan.FromSeconds(3)), (catalog.BySlug["many"].Name, catalog.BySlug["many"].AttemptTimeout));
        Assert.Empty(catalog.BySlug["many"].FallbackStatuses);
        var chat = Assert.IsType<UsagePrice>(catalog.BySlug["chat"].Price);
        var rates = chat.Rates[""];
        Assert.Equal((1000, 1, 50), (rates.Per, rates.MinCredits, rates.MaxCredits));
        Assert.Equal(new UsageField("usage.total_tokens", 3), Assert.Single(rates.Fields));
        Assert.Equal("/v1/answer", catalog.Providers["alpha"].Path);
        Assert.Equal(new("Authorization", "Bearer k1"), Assert.Single(catalog.Providers["ALPHA"].Headers));
        Assert.DoesNotContain("k1", catalog.Providers["alpha"].ToString(), StringComparison.Ordinal);
        Assert.Null(catalog.Providers["beta"].Path);
    }

    [Theory]
    [InlineData(
        "Surfaces:search:Price:Credits", "-1", "Surfaces:search:Price:Credits is '-1': must be a whole number from 0 to 1000000000000")]
    [InlineData("Surfaces:search:Price:Credits", "2.5", "is '2.5': must be a whole number from 0")]
    [InlineData("Surfaces:search:Price:Credits", "1000000000001", "must be a whole number from 0 to 1000000000000")]
    [InlineData("Surfaces:ads:Price:Credits:static", "0", "Surfaces:ads:Price:Credits:static is '0'")]
    [InlineData("Surfaces:search:Price:Credit", "1", "Surfaces:search:Price:Credit is unknown: did you mean Credits?")]
    [InlineData("Surfaces:chat:Price:MaxCredits", "x", "Surfaces:chat:Price:MaxCredits is 'x'")]
    [InlineData("Surfaces:chat:Price:Usage", "usage..tokens", "Surfaces:chat:Price:Usage is 'usage..tokens'")]
    [InlineData("Surfaces:ads:Price:By", "count", "Surfaces:ads:Price:By is 'count': must be another field than Per")]
    [InlineData(
        "Surfaces:search:Providers:1", "gamma",
        "Surfaces:search:Providers:1 is 'gamma': must be a provider in ReverseProxy:Clusters (alpha, beta)")]
    [InlineData("Surfaces:search:Providers:1", "ALPHA", "Surfaces:search:Providers:1 is 'ALPHA': must be named once in the chain")]
    [InlineData(
        "Surfaces:search:AttemptTimeout", "00:00:16",
        "Surfaces:search:AttemptTimeout is '00:00:16': must be at most TotalTimeout, which is 00:00:15")]
    [InlineData("Surfaces:search:TotalTimeout", "15", "Surfaces:search:TotalTimeout is '15': must be a duration like 00:00:05")]
    [InlineData("Surfaces:search:TotalTimeout", "-00:00:01", "Surfaces:search:TotalTimeout is '-00:00:01'")]
    [InlineData(
        "Surfaces:search:FallbackStatuses:0", "99", "Surfaces:search:FallbackStatuses:0 is '99': must be a whole number from 100 to 599")]
    [InlineData("Surfaces:search:FallbackStatuses:0", "600", "Surfaces:search:FallbackStatuses:0 is '600'")]
    [InlineData("Surfaces:search:FallbackStatuses:0", "204", "Surfaces:search:FallbackStatuses:0 is '204': must be outside 200 to 299")]
    [InlineData(
        "Surfaces:many:AttemptTimeout:x", "1", "Surfaces:many:AttemptTimeout is an object or a list: must be a duration like 00:00:05")]
    [InlineData("Surfaces:search:TotalTimeout", "0:30", "Surfaces:search:TotalTimeout is '0:30': must be a duration like 00:00:05")]
    [InlineData(
        "ReverseProxy:Clusters:alpha:Metadata:Pat", "/v1", "ReverseProxy:Clusters:alpha:Metadata:Pat is unknown: did you mean Path?")]
    [InlineData(
        "ReverseProxy:Clusters:alpha:Metadata:Headers:Authorization",
        "k", "ReverseProxy:Clusters:alpha:Metadata:Headers is unknown: did you mean Header?")]
    [InlineData("Surfaces:search:MaxRequestBytes", "0", "Surfaces:search:MaxRequestBytes is '0'")]
    [InlineData("Surfaces:search:Timeout", "x", "Surfaces:search:Timeout is unknown")]
    [InlineData("Surfaces:Bad Slug:Price:Credits", "1", "Surfaces:Bad Slug is 'Bad Slug': must be a name of 1 to 64 lower-case")]
    [InlineData("Surfaces:empty:Price:Credits", "1", "Surfaces:empty:Providers is missing: must be a list of at least one provider")]
    [InlineData("Surfaces:priceless:Providers:0", "alpha", "Surfaces:priceless:Price is missing")]
    [InlineData("Surfaces:cheap:Price", "2", "Surfaces:cheap:Price is '2': must be { \"Credits\": 2 }")]
    [InlineData("ReverseProxy:Routes:r:ClusterId", "alpha", "ReverseProxy:Routes is not used")]
    [InlineData("ReverseProxy:Cluster:r", "x", "ReverseProxy:Cluster is unknown: did you mean Clusters?")]
    [InlineData(
        "ReverseProxy:Clusters:alpha:Metadata:Path",
        "v1", "ReverseProxy:Clusters:alpha:Metadata:Path is 'v1': must be a path like /v1/answer")]
    [InlineData("ReverseProxy:Clusters:alpha:Metadata:Path", "/v1#x", "Metadata:Path is '/v1#x'")]
    [InlineData("ReverseProxy:Clusters:alpha:Metadata:Path", "/v1/%zz", "Metadata:Path is '/v1/%zz': must be a path like /v1/answer")]
    [InlineData(
        "ReverseProxy:Clusters:alpha:Metadata:Health:FailuresInRow",
        "3", "Metadata:Health:FailuresInRow is unknown: did you mean FailuresInARow?")]
    [InlineData(
        "ReverseProxy:Clusters:alpha:Metadata:Health:FailuresInARow", "0", "Metadata:Health:FailuresInARow is '0': must be from 1 to 1000")]
    [InlineData("Providers:Health:RetryAfter", "soon", "Providers:Health:RetryAfter is 'soon': must be a duration")]
    [InlineData("ReverseProxy:Clusters:alpha:HttpRequest:Verson", "2", "HttpRequest:Verson is unknown: did you mean Version?")]
    [InlineData("ReverseProxy:Clusters:alpha:HttpClient:MaxConnections", "2", "HttpClient:MaxConnections is unknown")]
    [InlineData(
        "ReverseProxy:Clusters:alpha:HealthCheck:Active:Enable", "true", "HealthCheck:Active:Enable is unknown: did you mean Enabled?")]
    [InlineData("ReverseProxy:Clusters:alpha:HealthCheck:Pasive:Enabled", "true", "HealthCheck:Pasive is unknown: did you mean Passive?")]
    [InlineData("Providers:Healt:Enabled", "true", "Providers:Healt is unknown: did you mean Health?")]
    [InlineData("ReverseProxy:Clusters:alpha:Destinations:a1:Host", "a b", "Destinations:a1:Host is 'a b': must be a host's name")]
    [InlineData("ReverseProxy:Clusters:alpha:Destinations:a1:Hots", "a", "Destinations:a1:Hots is unknown")]
    [InlineData("ReverseProxy:Clusters:alpha:Destinations:a1:Metadata:x", "a", "Destinations:a1:Metadata is unknown")]
    [InlineData("Surfaces:search:Name", "a\u0000b", "Surfaces:search:Name is 'a\\u0000b'")]
    [InlineData("Surfaces:search:Name", "a\u0085b", "Surfaces:search:Name is")]
    [InlineData("Surfaces:search:Name", "a\nb", "Surfaces:search:Name is")]
    [InlineData("Surfaces:search:Description", "a\u0000b", "Surfaces:search:Description is")]
    [InlineData("Surfaces:ads:Price:By", "for\u0000mat", "Surfaces:ads:Price:By is")]
    [InlineData("Surfaces:ads:Price:Per", "c\u0007", "Surfaces:ads:Price:Per is")]
    [InlineData("Surfaces:ads:Price:Credits:x\u0000y", "5", "Surfaces:ads:Price:Credits:x")]
    [InlineData(
        "ReverseProxy:Clusters:alpha:Metadata:Header:X-Key",
        "${NOWHERE}", "Metadata:Header:X-Key needs ${NOWHERE}: NOWHERE must be set in the environment")]
    [InlineData("ReverseProxy:Clusters:alpha:Metadata:Header:X-Key", "a ${", "Metadata:Header:X-Key has a '${' without a name")]
    [InlineData("ReverseProxy:Clusters:alpha:Metadata:Header:X-Key", "a\r\nb: c", "Metadata:Header:X-Key has a value that is no header's")]
    [InlineData("ReverseProxy:Clusters:alpha:Metadata:Header:X Key", "a", "Metadata:Header:X Key is no header's name")]
    [InlineData("ReverseProxy:Clusters:alpha:Metadata:Header:Content-Length", "1", "Metadata:Header:Content-Length is set by the proxy")]
    [InlineData(
        "ReverseProxy:Clusters:alpha:Destinations:a1:Address",
        "localhost:9", "Destinations:a1:Address is 'localhost:9': must be an address")]
    [InlineData("ReverseProxy:Clusters:alpha:Destinations:a2:Health", "x", "Destinations:a2:Address is 'null': must be an address")]
    [InlineData("ReverseProxy:Clusters:gamma:Metadata:Path", "/", "ReverseProxy:Clusters:gamma:Destinations is missing")]
    [InlineData("ReverseProxy:Clusters:alpha:LoadBalancing", "x", "ReverseProxy:Clusters:alpha:LoadBalancing is unknown")]
    [InlineData(
        "ReverseProxy:Clusters:alpha:LoadBalancingPolicy",
        "Best", "ReverseProxy:Clusters:alpha is refused by YARP: No matching ILoadBalancingPolicy found")]
    [InlineData(
        "ReverseProxy:Clusters:alpha:HttpRequest:ActivityTimeout", "soon", "HttpRequest:ActivityTimeout is 'soon': must be a duration")]
    [InlineData(
        "ReverseProxy:Clusters:alpha:HttpRequest:ActivityTimeout", "-00:00:01", "ActivityTimeout is '-00:00:01': must be a duration")]
    [InlineData("ReverseProxy:Clusters:alpha:HttpRequest:Version", "7", "HttpRequest:Version is '7': must be one of 1.0")]
    [InlineData("ReverseProxy:Clusters:alpha:HealthChek:Passive:Enabled", "true", "HealthChek is unknown: did you mean HealthCheck?")]
    [InlineData(
        "ReverseProxy:Clusters:alpha:HealthCheck:Active:Intervall", "00:00:01", "Active:Intervall is unknown: did you mean Interval?")]
    [InlineData("ReverseProxy:Clusters:alpha:HealthCheck:Passive", "true", "HealthCheck:Passive is a single value")]
    [InlineData("ReverseProxy:Clusters:alpha:HttpClient:MaxConnectionPerServer", "1", "did you mean MaxConnectionsPerServer?")]
    [InlineData(
        "ReverseProxy:Clusters:alpha:HttpClient:MaxConnectionsPerServer",
        "0", "MaxConnectionsPerServer is '0': must be a whole number from 1")]
    [InlineData(
        "ReverseProxy:Clusters:alpha:HttpClient:WebProxy:Address",
        "http://me:geheim@proxy:1", "WebProxy:Address is 'http://…@proxy:1': must be an address")]
    [InlineData("ReverseProxy:Clusters:alpha:SessionAffinity:Enabled", "true", "SessionAffinity is unknown")]
    [InlineData(
        "ReverseProxy:Clusters:alpha:Destinations:a1:Adress", "http://x", "Destinations:a1:Adress is unknown: did you mean Address?")]
    [InlineData("ReverseProxy:Clusters:alpha:Destinations:a1:Metadata:x", "y", "Destinations:a1:Metadata is unknown")]
    [InlineData("ReverseProxy:Clusters:alpha:Destinations:a1:Host", "a/b", "Destinations:a1:Host is 'a/b': must be a host's name")]
    [InlineData(
        "Surfaces:search:Description", "a\nb", "Surfaces:search:Description is 'a\\u000ab': must be text without control characters")]
    [InlineData("Surfaces:ads:Price:Credits:a\u0001", "5", "has a name that is no option: must be text without control characters")]
    public void Read_WrongSetting_OneClearLine(string key, string value, string expected)
    {
        var catalog = Read(Json(Contract).AddInMemoryCollection([new(key, value)]), out var errors);

        Assert.Null(catalog);
        Assert.Contains(errors, line => line.Contains(expected, StringComparison.Ordinal));
        Assert.All(errors, line => Assert.DoesNotContain('\n', line));
    }

    [Fact]
    public void TextProblem_HalfOfASurrogatePair_IsNoText()
    {
        Assert.Null(SectionFields.TextProblem("😀", 10));
        Assert.NotNull(SectionFields.TextProblem("😀"[..1], 10));
        Assert.NotNull(SectionFields.TextProblem("a" + "😀"[1..], 10));
        Assert.NotNull(SectionFields.TextProblem("12345678901", 10));
    }

    [Fact]
    public void Read_MetadataOfYarpsHealthPolicies_Accepted()
    {
        var settings = new KeyValuePair<string, string?>[]
        {
            new("ReverseProxy:Clusters:alpha:Metadata:ConsecutiveFailuresHealthPolicy.Threshold", "3"),
            new("ReverseProxy:Clusters:alpha:Metadata:TransportFailureRateHealthPolicy.RateLimit", "0.5"),
        };

        Assert.NotNull(Read(Json(Contract).AddInMemoryCollection(settings), out var errors));
        Assert.Empty(errors);
    }

    [Fact]
    public void Read_NoSurfaces_Refused()
    {
        Assert.Null(Read(Json("{}"), out var errors));
        Assert.StartsWith("Surfaces is missing", Assert.Single(errors), StringComparison.Ordinal);
    }

    private static IConfigurationBuilder Json(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)));

    private static SurfaceCatalog? Read(IConfigurationBuilder configuration, out IReadOnlyList<string> lines)
    {
        var errors = new ConfigurationErrors();
        var catalog = SurfaceCatalogReader.Read(configuration.Build(), errors, name => name == "ALPHA_KEY" ? "k1" : null);
        lines = errors.Lines;
        return catalog;
    }
}
