using MeteringGateway.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Tests.Hosting;

public sealed class LogSettingsTests
{
    [Theory]
    [InlineData("Microsoft.AspNetCore.Routing", LogLevel.Warning)]
    [InlineData("Microsoft.AspNetCore.DataProtection.X", LogLevel.Error)]
    [InlineData("Npgsql.Command", LogLevel.Warning)]
    [InlineData("Yarp.ReverseProxy.Health", LogLevel.Warning)]
    [InlineData("Yarp.ReverseProxy.Forwarder.HttpForwarder", LogLevel.Error)]
    [InlineData("ModelContextProtocol.Server.McpServer", LogLevel.Critical)]
    [InlineData("MeteringGateway.Engine.Recovery", LogLevel.Information)]
    public void AddLog_NothingConfigured_FrameworkIsQuiet(string category, LogLevel least) => Assert.Equal(least, Least(category));

    [Theory]
    [InlineData("Microsoft.AspNetCore", "Microsoft.AspNetCore.Routing")]
    [InlineData("Microsoft", "Microsoft.AspNetCore.Routing")]
    [InlineData("microsoft.aspnetcore", "Microsoft.AspNetCore.Routing")]
    [InlineData("Npgsql", "Npgsql.Command")]
    [InlineData("Yarp", "Yarp.ReverseProxy.Forwarder.HttpForwarder")]
    [InlineData("Yarp.ReverseProxy.Forwarder", "Yarp.ReverseProxy.Forwarder.HttpForwarder")]
    [InlineData("Default", "MeteringGateway.Engine.Recovery")]
    public void AddLog_LevelOfTheConfiguration_WinsOverTheBuiltInOne(string configured, string category) =>
        Assert.Equal(LogLevel.Debug, Least(category, ("LogLevel:" + configured, "Debug")));

    /// <summary>One level that is on makes the framework begin an activity and a scope for every request.</summary>
    [Fact]
    public void AddLog_NothingConfigured_BeginsNothingForARequest() =>
        Assert.Equal(LogLevel.None, Least("Microsoft.AspNetCore.Hosting.Diagnostics"));

    [Theory]
    [InlineData("Console:FormatterOptions:IncludeScopes", "true", LogLevel.Warning)]
    [InlineData("LogLevel:Microsoft.AspNetCore", "Information", LogLevel.Information)]
    public void AddLog_ScopesOrRequestsAreWanted_BeginsThem(string name, string value, LogLevel least) =>
        Assert.Equal(least, Least("Microsoft.AspNetCore.Hosting.Diagnostics", (name, value)));

    [Fact]
    public void AddLog_LevelOfTheConsole_WinsOverTheBuiltInOne() =>
        Assert.Equal(LogLevel.Debug, Least("Microsoft.AspNetCore.Routing", ("Console:LogLevel:Microsoft.AspNetCore", "Debug")));

    [Fact]
    public void AddLog_NoisierDefault_LeavesTheFrameworkQuiet() =>
        Assert.Equal(LogLevel.Warning, Least("Npgsql.Command", ("LogLevel:Default", "Trace")));

    [Fact]
    public void AddLog_QuieterDefault_HoldsForTheFrameworkToo() =>
        Assert.Equal(LogLevel.None, Least("Npgsql.Command", ("LogLevel:Default", "None")));

    [Theory]
    [InlineData(null, "simple")]
    [InlineData("json", "json")]
    [InlineData("systemd", "systemd")]
    public void AddLog_Formatter_IsTheConfiguredOne(string? configured, string expected)
    {
        using var services = Services(("Console:FormatterName", configured));

        Assert.Equal(expected, services.GetRequiredService<IOptionsMonitor<ConsoleLoggerOptions>>().CurrentValue.FormatterName);
    }

    [Fact]
    public void AddLog_FormatOfTheConfiguration_WinsAndTheRestStays()
    {
        using var services = Services(("Console:FormatterOptions:TimestampFormat", "HH "));
        var format = services.GetRequiredService<IOptionsMonitor<SimpleConsoleFormatterOptions>>().CurrentValue;

        Assert.Equal(("HH ", true, true), (format.TimestampFormat, format.SingleLine, format.UseUtcTimestamp));
    }

    private static LogLevel Least(string category, params (string Key, string? Value)[] settings)
    {
        using var services = Services(settings);
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(category);
        return Enum.GetValues<LogLevel>().Order().First(level => level == LogLevel.None || logger.IsEnabled(level));
    }

    private static ServiceProvider Services(params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("Logging:" + setting.Key, setting.Value))).Build();
        return new ServiceCollection().AddLogging(logging => logging.AddLog(configuration)).BuildServiceProvider();
    }
}
