using k8s;
using k8s.Models;
using MeteringGateway.Configuration;
using MeteringGateway.Hosting;
using MeteringGateway.Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Tests.Repository;

/// <summary>The manifests of <c>config/kubernetes</c>: they are of their schema, and the gateway gets what it needs.</summary>
public sealed class KubernetesTests : IDisposable
{
    private static readonly IReadOnlyList<object> s_objects =
    [
        .. Directory.EnumerateFiles(Path.Combine(TidyTests.Root, "config", "kubernetes"), "*.yaml").Order()
            .SelectMany(file => KubernetesYaml.LoadAllFromString(File.ReadAllText(file), strict: true)),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-kubernetes-").FullName;

    private static V1Deployment Deployment => One<V1Deployment>();

    private static V1PodSpec Pod => Deployment.Spec.Template.Spec;

    private static V1Container Gateway => Assert.Single(Pod.Containers);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>An unknown field or one of another type fails the reading; a misspelt kind would be no type at all.</summary>
    [Fact]
    public void Manifests_AreOfTheKindsThatTheGatewayNeeds()
    {
        Assert.Throws<YamlDotNet.Core.YamlException>(() => KubernetesYaml.LoadAllFromString(
            "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  prots: []\n", strict: true));
        Assert.Equal(
            ["V1ConfigMap", "V1Deployment", "V1NetworkPolicy", "V1PodDisruptionBudget", "V1Service", "V1Service"],
            s_objects.Select(one => one.GetType().Name).Order());
        Assert.All(s_objects.Cast<IKubernetesObject<V1ObjectMeta>>(), one =>
        {
            Assert.False(string.IsNullOrEmpty(one.Metadata.Name));
            var kind = (KubernetesEntityAttribute)Attribute.GetCustomAttribute(one.GetType(), typeof(KubernetesEntityAttribute))!;
            Assert.Equal(kind.Group.Length == 0 ? kind.ApiVersion : $"{kind.Group}/{kind.ApiVersion}", one.ApiVersion);
            Assert.Equal(kind.Kind, one.Kind);
        });
    }

    [Fact]
    public void Selectors_FindThePodsOfTheDeployment()
    {
        var labels = Deployment.Spec.Template.Metadata.Labels;
        IEnumerable<IDictionary<string, string>> selectors =
        [
            Deployment.Spec.Selector.MatchLabels, One<V1PodDisruptionBudget>().Spec.Selector.MatchLabels,
            One<V1NetworkPolicy>().Spec.PodSelector.MatchLabels, .. All<V1Service>().Select(service => service.Spec.Selector),
            .. Pod.TopologySpreadConstraints.Select(spread => spread.LabelSelector.MatchLabels),
        ];
        Assert.All(selectors, selector => Assert.All(selector, pair => Assert.Equal(pair.Value, labels[pair.Key])));
    }

    [Fact]
    public void Ports_AreThoseWhereTheGatewayListens()
    {
        var ports = Gateway.Ports.ToDictionary(port => port.Name, port => port.ContainerPort);
        Assert.Equal($"http://0.0.0.0:{ports["calls"]}", Variable("Urls"));
        Assert.Equal($"http://0.0.0.0:{ports["management"]}", Variable("Management__Urls"));
        Assert.All(All<V1Service>().SelectMany(service => service.Spec.Ports), port => Assert.Contains(port.TargetPort.Value, ports.Keys));
        Assert.Equal(
            ports.Values.Order().Select(port => $"{port}"),
            One<V1NetworkPolicy>().Spec.Ingress.SelectMany(rule => rule.Ports).Select(port => port.Port.Value).Order());
    }

    [Fact]
    public async Task Probes_AskWhatTheGatewayAnswers()
    {
        await using var app = Build();
        var paths = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Select(endpoint => endpoint.RoutePattern.RawText).ToHashSet();
        foreach (var probe in new[] { Gateway.StartupProbe, Gateway.LivenessProbe, Gateway.ReadinessProbe })
        {
            Assert.Contains(probe.HttpGet.Path, paths);
            Assert.Equal("management", probe.HttpGet.Port.Value);
        }

        // A stop is seen while calls are still taken.
        var delay = app.Services.GetRequiredService<IOptions<HostingOptions>>().Value.StopDelay;
        Assert.True(Gateway.ReadinessProbe.PeriodSeconds * Gateway.ReadinessProbe.FailureThreshold < delay.TotalSeconds);
        Assert.NotEqual(Gateway.ReadinessProbe.HttpGet.Path, Gateway.LivenessProbe.HttpGet.Path);
    }

    [Fact]
    public async Task GracePeriod_OutlastsTheLongestStop()
    {
        await using var app = Build();
        Assert.True(Pod.TerminationGracePeriodSeconds >= StopOf(app).TotalSeconds, $"A stop takes {StopOf(app)}.");
    }

    /// <summary>Two that are rolled one by one, drained one by one, and never all at once.</summary>
    [Fact]
    public void RollOut_NeverTakesAServingGatewayBeforeItsSuccessorServes()
    {
        Assert.True(Deployment.Spec.Replicas >= 2);
        Assert.Equal("0", Deployment.Spec.Strategy.RollingUpdate.MaxUnavailable.Value);
        Assert.Equal("1", One<V1PodDisruptionBudget>().Spec.MaxUnavailable.Value);
    }

    [Fact]
    public void Container_MayDoNothingThatTheGatewayDoesNotNeed()
    {
        Assert.True(Pod.SecurityContext.RunAsNonRoot);
        Assert.True(Pod.SecurityContext.RunAsUser > 0);
        Assert.False(Pod.AutomountServiceAccountToken);
        Assert.True(Gateway.SecurityContext.ReadOnlyRootFilesystem);
        Assert.False(Gateway.SecurityContext.AllowPrivilegeEscalation);
        Assert.Equal(["ALL"], Gateway.SecurityContext.Capabilities.Drop);
        Assert.True(Gateway.Resources.Limits.ContainsKey("memory"));
        Assert.Matches(@":\d+\.\d+\.\d+$", Gateway.Image);
    }

    [Fact]
    public void Secrets_AreReferredToAndNeverWrittenDown()
    {
        Assert.Empty(All<V1Secret>());
        Assert.All(
            Gateway.Env.Where(variable => Redaction.IsSecret(variable.Name.Replace("__", ":", StringComparison.Ordinal))),
            variable => Assert.NotNull(variable.ValueFrom.SecretKeyRef));
        Assert.Equal(4, Gateway.Env.Count(variable => variable.ValueFrom is not null));
        Assert.Single(Gateway.Env.Select(variable => variable.ValueFrom?.SecretKeyRef.Name).OfType<string>().Distinct());
    }

    [Fact]
    public async Task Configuration_IsOneThatTheGatewayStartsWith()
    {
        await using var app = Build();
        Assert.Equal(
            Variable("GATEWAY_CONFIG"), $"{Assert.Single(Gateway.VolumeMounts).MountPath}/{Assert.Single(One<V1ConfigMap>().Data).Key}");
    }

    internal static TimeSpan StopOf(IHost app) =>
        app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout
            + app.Services.GetRequiredService<IOptions<LedgerOptions>>().Value.DrainTimeout;

    private WebApplication Build()
    {
        var file = Path.Combine(_folder, "gateway.json");
        File.WriteAllText(file, Assert.Single(One<V1ConfigMap>().Data).Value);
        return GatewayHost.Build(GatewayConfiguration.LoadFile(file, new Dictionary<string, string?>
        {
            ["ReverseProxy:Clusters:search:Metadata:Header:Authorization"] = "Bearer of-a-secret",
            ["ConnectionStrings:Redis"] = "127.0.0.1:1",
            ["ConnectionStrings:Postgres"] = "Host=127.0.0.1;Port=1;Database=none",
        }));
    }

    private static string Variable(string name) => Gateway.Env.Single(variable => variable.Name == name).Value;

    private static T One<T>() => Assert.Single(All<T>());

    private static IReadOnlyList<T> All<T>() => [.. s_objects.OfType<T>()];
}
