using MeteringGateway.Configuration;

namespace MeteringGateway.Tests.Configuration;

public sealed class RedactionTests
{
    [Theory]
    [InlineData("Urls", "postgresql://postgres:geheim@127.0.0.1:5432/db")]
    [InlineData("Urls", "postgresql://postgres:geh@eim@127.0.0.1:5432/db")]
    [InlineData("Credits:Usd", "Host=a;Password=geheim;Database=b")]
    [InlineData("Credits:Usd", "a:1,password=geheim")]
    [InlineData("Credits:Usd", "sk_live_geheim")]
    [InlineData("Credits:Usd", "mgo_geheim")]
    [InlineData("Credits:Usd", "mgs_geheim")]
    [InlineData("Credits:Usd", "Bearer geheim")]
    [InlineData("Admin:Token", "geheim")]
    [InlineData("Payments:Stripe:WebhookSecret", "geheim")]
    [InlineData("Payments:Stripe:ApiKey", "geheim")]
    [InlineData("Notices:SigningKey", "geheim")]
    [InlineData("ConnectionStrings:Postgres", "geheim")]
    [InlineData("Kestrel:Certificates:Default:Password", "geheim")]
    [InlineData("ReverseProxy:Clusters:a:Metadata:Header:Authorization", "geheim")]
    public void Add_SecretInWhateverPlace_NotShown(string key, string value)
    {
        var errors = new ConfigurationErrors();

        errors.Add(key, value, "something else");

        var line = Assert.Single(errors.Lines);
        Assert.StartsWith(key, line, StringComparison.Ordinal);
        Assert.EndsWith("must be something else", line, StringComparison.Ordinal);
        Assert.DoesNotContain("geh", line, StringComparison.Ordinal);
        Assert.DoesNotContain("eim", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("00:00:05")]
    [InlineData("usage.total_tokens")]
    public void Of_OrdinaryValue_Unchanged(string value) => Assert.Equal(value, Redaction.Of(value));
}
