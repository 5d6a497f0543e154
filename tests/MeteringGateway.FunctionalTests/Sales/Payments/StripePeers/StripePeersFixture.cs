using System.Text.Json;
using MeteringGateway.Testing;
using MeteringGateway.Testing.Stripe;

namespace MeteringGateway.FunctionalTests.Sales.Payments.StripePeers;

/// <summary>Stripe's own programs, from npm: its client and its command line.</summary>
public sealed class StripePeersFixture : IAsyncLifetime
{
    private readonly NodeScripts _scripts = new("Sales/Payments/StripePeers/node");

    /// <summary>The command line: one program.</summary>
    internal string CommandLine { get; } =
        Path.Combine(AppContext.BaseDirectory, "Sales/Payments/StripePeers/node/node_modules/@stripe/cli-linux-x64/bin/stripe");

    public Task InitializeAsync() => _scripts.InstallAsync();
    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>One call of <c>node/stripe.mjs</c>.</summary>
    internal async Task<JsonElement> RunAsync(string call, StripeDouble stripe, params (string Name, string Value)[] variables) =>
        Assert.Single(await _scripts.RunAsync("stripe.mjs", [call], new Dictionary<string, string>(
            variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value)))
        {
            ["ADDRESS"] = stripe.Address,
            ["KEY"] = stripe.ApiKey,
        }));
}
