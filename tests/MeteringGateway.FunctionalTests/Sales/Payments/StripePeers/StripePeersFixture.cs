using System.Text.Json;
using MeteringGateway.Testing;
using MeteringGateway.Testing.Stripe;

namespace MeteringGateway.FunctionalTests.Sales.Payments.StripePeers;

/// <summary>From npm: Stripe's own client and command line, and a server that is neither Stripe's nor ours.</summary>
public sealed class StripePeersFixture : IAsyncLifetime
{
    private readonly NodeScripts _scripts = new("Sales/Payments/StripePeers/node");

    /// <summary>The command line: one program.</summary>
    internal string CommandLine { get; } =
        Path.Combine(AppContext.BaseDirectory, "Sales/Payments/StripePeers/node/node_modules/@stripe/cli-linux-x64/bin/stripe");

    /// <summary>The program of <c>emulate</c>, for Node.js.</summary>
    internal string Emulator { get; } =
        Path.Combine(AppContext.BaseDirectory, "Sales/Payments/StripePeers/node/node_modules/emulate/dist/index.js");

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
