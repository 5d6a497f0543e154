using System.Collections;
using MeteringGateway.Configuration;
using MeteringGateway.Hosting;
using Microsoft.Extensions.Configuration;

namespace MeteringGateway.Tests.Configuration;

public sealed class UnknownNamesTests
{
    [Theory]
    [InlineData("Payment:Sandbox:Enabled", "Payment is unknown: did you mean Payments?")]
    [InlineData("Payments:Sandbx:Enabled", "Payments:Sandbx is unknown: did you mean Sandbox?")]
    [InlineData("Payments:Sandbox:Enabeld", "Payments:Sandbox:Enabeld is unknown: did you mean Enabled?")]
    [InlineData("Payments:Sandbox:Enabled:Really", "Payments:Sandbox:Enabled is an object or a list: must be a single value")]
    [InlineData("Payments:Sandbox", "Payments:Sandbox is a single value or an empty list: must be an object { … }")]
    [InlineData("Payments", "Payments is a single value or an empty list: must be an object { … }")]
    [InlineData("Peopel:SignUp", "Peopel is unknown: did you mean People?")]
    [InlineData("Url", "Url is unknown: did you mean Urls?")]
    [InlineData("Credit:Usd", "Credit is unknown: did you mean Credits?")]
    [InlineData("surface:search:Price:Credits", "surface is unknown: did you mean Surfaces?")]
    [InlineData("Whatever:X", "Whatever is unknown: must be one of ")]
    [InlineData("AllowedHosts", "AllowedHosts is not used: must be left out")]
    [InlineData("Logging:LogLevl:Default", "Logging:LogLevl is unknown: did you mean LogLevel?")]
    [InlineData(
        "Logging:LogLevel:Default",
        "Logging:LogLevel:Default is 'x': must be one of Trace, Debug, Information, Warning, Error, Critical, None")]
    [InlineData("Logging:Console:FormaterName", "Logging:Console:FormaterName is unknown: did you mean FormatterName?")]
    [InlineData("Logging:Console:FormatterName", "Logging:Console:FormatterName is 'x': must be one of simple, json, systemd")]
    [InlineData("Logging:Console:LogLevel:Yarp", "Logging:Console:LogLevel:Yarp is 'x': must be one of Trace")]
    [InlineData("Logging:Console:FormatterOptions:JsonWriterOptions:Indent", "JsonWriterOptions:Indent is unknown: did you mean Indented?")]
    [InlineData("Logging:Debug:LogLevel:Default", "Logging:Debug is unknown: must be one of LogLevel, Console")]
    [InlineData("Kestrel:Endpoint:Http:Url", "Kestrel:Endpoint is unknown: did you mean Endpoints?")]
    [InlineData("Kestrel:Endpoints:Http:Uri", "Kestrel:Endpoints:Http:Uri is unknown: did you mean Url?")]
    [InlineData("Kestrel:Endpoints:Http:Url", "Kestrel:Endpoints:Http:Url is 'x': must be a listen address")]
    [InlineData("Kestrel:Endpoints:Http:Certificate:Pasword", "Certificate:Pasword is unknown: did you mean Password?")]
    [InlineData("Kestrel:Endpoints:Http:Certificate:Path", "Certificate:Path is 'x': must be the name of a file that is there")]
    [InlineData("Kestrel:Endpoints:Http:Sni:example.com:SslProtocols:0", "SslProtocols:0 is 'x': must be one of None")]
    [InlineData("Kestrel:EndpointDefaults:Protocols", "Kestrel:EndpointDefaults:Protocols is 'x': must be one of None, Http1")]
    [InlineData("Kestrel:Limits:MaxRequestBodySize", "Kestrel:Limits is unknown: must be one of EndpointDefaults, Certificates, Endpoints")]
    public void ReadOptions_NameNobodyReads_OneLineNamesTheNearest(string key, string line) =>
        Assert.Contains(With(new() { [key] = "x" }), found => found.Contains(line, StringComparison.Ordinal));

    [Fact]
    public void ReadOptions_ANameOfNobodyBesideEachSetting_IsRefusedWithTheRightOne()
    {
        Assert.True(OptionsSection.All.Count >= 10);
        foreach (var section in OptionsSection.All)
        {
            foreach (var property in section.Properties)
            {
                var path = section.Path.Length == 0 ? property.Name : $"{section.Path}:{property.Name}";
                Assert.Contains($"{path}x is unknown: did you mean {property.Name}?", With(new() { [path + "x"] = "1" }));
            }
        }
    }

    [Theory]
    [InlineData("Logging:LogLevel:Microsoft.AspNetCore", "Debug")]
    [InlineData("Logging:Console:FormatterOptions:TimestampFormat", "HH:mm:ss ")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://127.0.0.1:0")]
    [InlineData("Kestrel:EndpointDefaults:Protocols", "Http1AndHttp2")]
    [InlineData("$schema", "x")]
    [InlineData("AllowedHosts", "*")]
    [InlineData("credits:usd", "2")]
    [InlineData("Ledger", null)]
    [InlineData("Payments:Stripe:WebhookSecret", "")]
    public void ReadOptions_NameThatIsRead_Accepted(string key, string? value) => Assert.Empty(With(new() { [key] = value }));

    [Theory]
    [InlineData("Paymnts__Sandbox__Enabled", "Payments__Sandbox__Enabled")]
    [InlineData("Paymnts__Sandbx__Enabled", "Payments__Sandbx__Enabled")]
    [InlineData("Peopel__SignUp", "People__SignUp")]
    [InlineData("PEOPEL:SIGNUP", "People__SIGNUP")]
    [InlineData("Ledgr__FlushInterval", "Ledger__FlushInterval")]
    [InlineData("Surface__search__Price__Credits", "Surfaces__search__Price__Credits")]
    [InlineData("ReversProxy__Clusters__alpha__Metadata__Path", "ReverseProxy__Clusters__alpha__Metadata__Path")]
    [InlineData("ConnectionString__Postgres", "ConnectionStrings__Postgres")]
    [InlineData("Loging__LogLevel__Default", "Logging__LogLevel__Default")]
    public void ReadOptions_MisspeltVariable_StopsWithTheRightOne(string name, string right)
    {
        var line = Assert.Single(Environment(name));

        Assert.Equal($"{name} (a variable of the environment) is unknown: did you mean {right}?", line);
    }

    [Theory]
    [InlineData("Payments__Sandbx__Enabled", "Payments:Sandbx is unknown: did you mean Sandbox?")]
    [InlineData("PAYMENTS__SANDBOX__ENABELD", "PAYMENTS:SANDBOX:ENABELD is unknown: did you mean Enabled?")]
    [InlineData("Ledger__FlushIntervall", "Ledger:FlushIntervall is unknown: did you mean FlushInterval?")]
    public void ReadOptions_VariableOfOurSection_JudgedLikeTheFile(string name, string line)
    {
        Assert.Contains(Environment(name), found => found.EndsWith(line, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("PATH")]
    [InlineData("ADMIN")]
    [InlineData("PEOPLE")]
    [InlineData("LEDGER_SERVICE_HOST")]
    [InlineData("CREDITS_PORT_80_TCP_ADDR")]
    [InlineData("ASPNETCORE_URLS")]
    [InlineData("DOTNET_gcServer")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("MyApp__Payments__Sandbx")]
    [InlineData("Auth__ClientId")]
    [InlineData("Ledgers__Colour")]
    [InlineData("Serilog__MinimumLevel")]
    [InlineData("__x")]
    [InlineData("Surface__Pro")]
    [InlineData("SQLCONNSTR_Other")]
    [InlineData("npm_config__auth")]
    [InlineData("BASH_FUNC_x%%")]
    public void ReadOptions_VariableOfAnotherProgram_NeverStopsTheStart(string name) => Assert.Empty(Environment(name));

    [Fact]
    public void ReadOptions_OneSettingInTwoVariables_Refused() =>
        Assert.Contains(
            Environment("Admin__Token", "ADMIN__TOKEN"),
            line => line.Contains("two variables of the environment for one setting", StringComparison.Ordinal));

    [Fact]
    public void ReadOptions_SecretUnderAWrongName_NotShown() =>
        Assert.DoesNotContain(Environment("Paymnts__Stripe__WebhookSecret"), line => line.Contains("geheim", StringComparison.Ordinal));

    private static IReadOnlyList<string> Environment(params string[] names) =>
        Lines(new ConfigurationBuilder().AddInMemoryCollection(s_stores)
            .Add(new GatewayEnvironment(new Hashtable(names.ToDictionary(name => name, _ => "geheim")))));

    private static IReadOnlyList<string> With(Dictionary<string, string?> settings) =>
        Lines(new ConfigurationBuilder().AddInMemoryCollection(s_stores).AddInMemoryCollection(settings));

    private static IReadOnlyList<string> Lines(IConfigurationBuilder builder)
    {
        var errors = new ConfigurationErrors();
        SettingsReader.ReadOptions(builder.Build(), errors);
        return errors.Lines;
    }

    private static readonly Dictionary<string, string?> s_stores = new()
    {
        ["ConnectionStrings:Redis"] = "127.0.0.1:6379",
        ["ConnectionStrings:Postgres"] = "Host=127.0.0.1;Database=metering",
    };
}
