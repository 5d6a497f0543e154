using MeteringGateway.Configuration;
using MeteringGateway.Engine;
using MeteringGateway.Hosting;
using MeteringGateway.Ledger;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Tests.Configuration;

public class GatewayOptionsTests
{
    private static readonly Dictionary<string, string?> Good = new()
    {
        ["ConnectionStrings:Redis"] = "127.0.0.1:6379",
        ["ConnectionStrings:Postgres"] = "Host=127.0.0.1;Database=metering",
    };

    [Fact]
    public void AddGatewayOptions_OnlyStoresGiven_DefaultsApply()
    {
        var services = new ServiceCollection().AddGatewayOptions(Configuration([])).BuildServiceProvider();

        Assert.Equal(0.01m, services.GetRequiredService<IOptions<CreditsOptions>>().Value.Usd);
        Assert.Equal(TimeSpan.FromSeconds(30), services.GetRequiredService<IOptions<CreditsOptions>>().Value.HoldGrace);
        Assert.Equal(4_000, services.GetRequiredService<IOptions<LedgerOptions>>().Value.BatchSize);
        Assert.Equal("127.0.0.1:6379", services.GetRequiredService<IOptions<ConnectionStringOptions>>().Value.Redis);
    }

    [Theory]
    [InlineData("Credits:Usd", "0", "Credits:Usd is '0': must be from 0.000001 to 1000000")]
    [InlineData("Credits:Usd", "x", "Credits:Usd is 'x': must be a number like 0.01")]
    [InlineData("Credits:HoldGrace", "30", "Credits:HoldGrace is '30': must be a duration like 00:00:05 (hours:minutes:seconds)")]
    [InlineData("Credits:AllowVolatileRedis", "maybe", "Credits:AllowVolatileRedis is 'maybe': must be true or false")]
    [InlineData("Ledger:BatchSize", "0", "Ledger:BatchSize is '0': must be from 1 to 10000")]
    [InlineData("Ledger:BatchSize", "99999999999", "Ledger:BatchSize is '99999999999': must be a whole number")]
    [InlineData("Ledger:BatchSise", "1", "Ledger:BatchSise is unknown: did you mean BatchSize?")]
    [InlineData("Admin:Tokn", "secret", "Admin:Tokn is unknown: did you mean Token?")]
    [InlineData("Admin:Token:x", "secret", "Admin:Token is an object or a list: must be a single value")]
    [InlineData(
        "Admin:Token", "secret\n",
        "Admin:Token has a value that no header can carry (not shown): must be visible ASCII characters without spaces")]
    [InlineData("Credits:HoldGrace", "0:30", "Credits:HoldGrace is '0:30': must be a duration like 00:00:05 (hours:minutes:seconds)")]
    [InlineData("Urls", "8080", "Urls is '8080': must be listen addresses like http://127.0.0.1:8080, separated by ';'")]
    [InlineData("ConnectionStrings:Redis", "", "ConnectionStrings:Redis is missing: must be set")]
    public void AddGatewayOptions_WrongValue_NamesKeyValueAndWhatIsRight(string key, string value, string line)
    {
        Assert.Contains(line, Lines(new() { [key] = value }));
    }

    [Theory]
    [InlineData("Redis", "a:1,password=geheim,nonsense=1")]
    [InlineData("Redis", "a:b:c,password=geheim")]
    [InlineData("Redis", "localhost:x,password=geheim")]
    [InlineData("Redis", "[::1]:6379,password=geheim")]
    [InlineData("Redis", "password=geheim")]
    [InlineData("Postgres", "Host=a;Password=geheim;Nonsense=1")]
    [InlineData("Postgres", "Host=a;Port=x;Password=geheim")]
    [InlineData("Redis", "a:1,password=geh,eim")]
    [InlineData("Redis", "a:1,pasword=geheim")]
    [InlineData("Redis", "a:1,connectTimeout=geheim")]
    [InlineData("Redis", "http://a:1/geheim")]
    [InlineData("Redis", "redis://:geh/eim@a:1")]
    [InlineData("Redis", "redis://:geheim@a:0")]
    [InlineData("Redis", "redis://:geheim@a:1/x")]
    [InlineData("Redis", "redis://:geheim@a,b/2")]
    [InlineData("Redis", "redis://:geheim@a?ssl=true")]
    [InlineData("Postgres", "postgresql://postgres:geh/eim@127.0.0.1:5432/db")]
    [InlineData("Postgres", "postgresql://postgres:geh?eim@127.0.0.1:5432/db")]
    [InlineData("Postgres", "postgresql://postgres:geh#eim@127.0.0.1:5432/db")]
    [InlineData("Postgres", "postgresql://postgres:geh%eim@127.0.0.1:5432/db")]
    [InlineData("Postgres", "postgresql://postgres:geheim@127.0.0.1:70000/db")]
    [InlineData("Postgres", "postgresql://postgres:geheim@127.0.0.1:eim/db")]
    [InlineData("Postgres", "postgresql://postgres:geheim@/db")]
    [InlineData("Postgres", "postgresql://postgres:geheim@[geheim]/db")]
    [InlineData("Postgres", "postgresql://postgres:geheim")]
    [InlineData("Postgres", "postgresql://postgres:geheim@a/db?sslmod=eim")]
    [InlineData("Postgres", "postgresql://postgres:geheim@a/db?sslmode=eim")]
    [InlineData("Postgres", "postgresql://postgres:geheim@a/db?eim")]
    [InlineData("Postgres", "postgresql://postgres:geheim@a/db?options=-c%20synchronous_commit%3Doff")]
    [InlineData("Postgres", "postgresql://postgres:geheim@a,b/db?target_session_attrs=any")]
    [InlineData("Postgres", "mysql://postgres:geheim@a/db")]
    [InlineData("Postgres", "postgres:geheim@a")]
    [InlineData("Postgres", "Host=a;Password=geh;eim=1")]
    [InlineData("Postgres", "Host=a;Password=geh;eim")]
    [InlineData("Postgres", "Host=a;Pasword=geheim")]
    [InlineData("Postgres", "Host=a;SSL Mode=geheim")]
    [InlineData("Postgres", "Password=geheim")]
    [InlineData("Postgres", "Host=a,b;Target Session Attributes=any;Password=geheim")]
    [InlineData("Postgres", "Host=a,b;Target Session Attributes=prefer-primary;Password=geheim")]
    [InlineData("Postgres", "Host=a,b;Target Session Attributes=standby;Password=geheim")]
    [InlineData("Postgres", "Host=a;Options=-c synchronous_commit=off;Password=geheim")]
    [InlineData("Postgres", "Host=a;Options=--synchronous-commit=False;Password=geheim")]
    public void AddGatewayOptions_WrongConnectionString_RefusedWithoutItsPassword(string store, string value)
    {
        var line = Assert.Single(
            Lines(new() { [$"ConnectionStrings:{store}"] = value }), l => l.StartsWith("ConnectionStrings", StringComparison.Ordinal));

        Assert.StartsWith($"ConnectionStrings:{store} can't be used, value not shown (", line, StringComparison.Ordinal);
        Assert.DoesNotContain("geh", line, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("eim", line, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Host=a,b")]
    [InlineData("Host=a,b;Target Session Attributes=read-write")]
    [InlineData("Host=a,b;Target Session Attributes=primary")]
    [InlineData("Host=a;Options=-c synchronous_commit=remote_apply")]
    public void AddGatewayOptions_ConnectionStringThatKeepsTheBooks_Accepted(string value) =>
        Assert.Equal(value, new ServiceCollection().AddGatewayOptions(Configuration(new() { ["ConnectionStrings:Postgres"] = value }))
            .BuildServiceProvider().GetRequiredService<IOptions<ConnectionStringOptions>>().Value.Postgres);

    [Fact]
    public void AddGatewayOptions_SeveralWrong_AllReportedWithSurfaces()
    {
        var lines = Lines(new() { ["Credits:Usd"] = "-1", ["Ledger:MaxBacklog"] = "x", ["Surfaces:search:Price:Credits"] = "-1" });

        Assert.Contains(lines, l => l.StartsWith("Credits:Usd ", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("Ledger:MaxBacklog ", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("Surfaces:search:Price:Credits ", StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Lines(Dictionary<string, string?> settings) =>
        Assert.Throws<ConfigurationException>(() => new ServiceCollection().AddGatewayOptions(Configuration(settings))).Lines;

    private static IConfigurationRoot Configuration(Dictionary<string, string?> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(Good).AddInMemoryCollection(settings).Build();
}
