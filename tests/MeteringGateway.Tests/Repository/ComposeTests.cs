using System.Globalization;
using System.Text.RegularExpressions;
using MeteringGateway.Configuration;
using MeteringGateway.Hosting;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace MeteringGateway.Tests.Repository;

/// <summary>What <c>docker-compose.yml</c> and the <c>Dockerfile</c> promise of every service.</summary>
public sealed partial class ComposeTests
{
    private static readonly Dictionary<object, object> s_services = (Dictionary<object, object>)Read()["services"];

    public static TheoryData<string> Services => [.. s_services.Keys.Cast<string>()];

    [Theory, MemberData(nameof(Services))]
    public void Service_MayDoNoMoreThanItNeeds(string name)
    {
        var service = Service(name);
        Assert.Equal("true", service["read_only"]);
        Assert.Equal("ALL", Assert.Single(List(service["cap_drop"])));
        Assert.Equal("no-new-privileges:true", Assert.Single(List(service["security_opt"])));
        Assert.DoesNotContain("privileged", service.Keys);

        // The images of Redis and PostgreSQL would start as root, to give files away that are theirs already.
        Assert.True(name is not ("redis" or "postgres") || service["user"] is not "root");
    }

    [Theory, MemberData(nameof(Services))]
    public void Service_IsBoundedAndLookedAfter(string name)
    {
        var service = Service(name);
        Assert.NotEqual("NONE", List(Map(service["healthcheck"])["test"])[0]);
        var limits = Map(Map(Map(service["deploy"])["resources"])["limits"]);
        Assert.Equal(["cpus", "memory"], limits.Keys.Cast<string>().Order());
    }

    /// <summary>Ours are built from here; of others, one version.</summary>
    [Theory, MemberData(nameof(Services))]
    public void Image_IsOneVersion(string name)
    {
        var service = Service(name);
        Assert.True(service.ContainsKey("build") || Version().IsMatch((string)service["image"]), (string)service["image"]);
    }

    [Theory, MemberData(nameof(Services))]
    public void Secret_HasNoDefault(string name)
    {
        var environment = Service(name).TryGetValue("environment", out var given) ? Map(given) : [];
        foreach (var (variable, value) in environment.Select(pair => ((string)pair.Key, (string)pair.Value)))
        {
            var isSecret = variable.EndsWith("PASSWORD", StringComparison.Ordinal)
                || Redaction.IsSecret(variable.Replace("__", ":", StringComparison.Ordinal));
            Assert.True(!isSecret || Required().IsMatch(value), variable);
        }
    }

    [Fact]
    public void Ports_OfCallsAloneAreOpenToOthers()
    {
        var open = s_services.Keys.Cast<string>()
            .SelectMany(name => Service(name).TryGetValue("ports", out var ports) ? List(ports) : [])
            .Where(port => !port.StartsWith("127.0.0.1:", StringComparison.Ordinal));
        Assert.Equal(["8080:8080"], open);
    }

    [Fact]
    public async Task StopGrace_OutlastsTheLongestStop()
    {
        await using var app = GatewayHost.Build(GatewayConfiguration.LoadFile(
            Path.Combine(TidyTests.Root, "config", "gateway.json"),
            new Dictionary<string, string?>
            {
                ["ConnectionStrings:Redis"] = "127.0.0.1:1",
                ["ConnectionStrings:Postgres"] = "Host=127.0.0.1;Port=1;Database=none",
            }));
        var grace = int.Parse(((string)Service("gateway")["stop_grace_period"]).TrimEnd('s'), CultureInfo.InvariantCulture);
        Assert.True(grace >= KubernetesTests.StopOf(app).TotalSeconds, $"A stop takes {KubernetesTests.StopOf(app)}.");
    }

    /// <summary>What a crash may cost is decided by these four.</summary>
    [Theory]
    [InlineData("appendonly yes")]
    [InlineData("appendfsync always")]
    [InlineData("maxmemory-policy noeviction")]
    [InlineData("requirepass $$REDIS_PASSWORD")]
    public void Redis_ForgetsNothing(string setting) =>
        Assert.Contains(setting, List(Service("redis")["command"])[^1].Split('\n').Select(line => line.Trim()));

    [Fact]
    public void Images_RunAsNoRootAndStopAtOurSignal()
    {
        var lines = File.ReadAllLines(Path.Combine(TidyTests.Root, "Dockerfile"));
        Assert.Contains("USER $APP_UID", lines);
        Assert.Contains("STOPSIGNAL SIGTERM", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("USER root", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains(":latest", StringComparison.Ordinal));
    }

    private static Dictionary<string, object> Read()
    {
        using var text = File.OpenText(Path.Combine(TidyTests.Root, "docker-compose.yml"));
        return new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(new MergingParser(new Parser(text)));
    }

    private static Dictionary<object, object> Service(string name) => Map(s_services[name]);

    private static Dictionary<object, object> Map(object value) => (Dictionary<object, object>)value;

    private static List<string> List(object value) => [.. ((List<object>)value).Cast<string>()];

    [GeneratedRegex(@"^[\w./-]+:v?\d+\.\d+(\.\d+)?(-\w+)?$")]
    private static partial Regex Version();

    /// <summary>Nothing but a required variable stands where the secret does.</summary>
    [GeneratedRegex(@"\$\{\w+:\?[^}]+\}$")]
    private static partial Regex Required();
}
