using System.Text.Json.Nodes;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;
using MeteringGateway.Testing.Stripe;

namespace MeteringGateway.FunctionalTests.Sales.Payments.StripePeers;

/// <summary><c>stripe trigger</c>: the calls by which Stripe's own command line brings an event about, against the double.</summary>
public sealed class StripeCommandLineTests(StripePeersFixture peers) : IClassFixture<StripePeersFixture>
{
    /// <summary>Every event that means something to the gateway and that the command line knows how to bring about.</summary>
    [Theory]
    [InlineData("charge.dispute.closed")]
    [InlineData("charge.dispute.created")]
    [InlineData("charge.refund.updated")]
    [InlineData("charge.refunded", "refund.created")]
    [InlineData("checkout.session.async_payment_failed")]
    [InlineData("checkout.session.async_payment_succeeded")]
    [InlineData("checkout.session.completed", "payment_intent.succeeded")]
    [InlineData("checkout.session.expired")]
    [InlineData("customer.subscription.created")]
    [InlineData("customer.subscription.deleted")]
    [InlineData("customer.subscription.updated")]
    [InlineData("invoice.paid", "invoice_payment.paid")]
    [InlineData("invoice.payment_action_required")]
    [InlineData("invoice.payment_failed")]
    [InlineData("payment_intent.canceled")]
    [InlineData("payment_intent.payment_failed")]
    [InlineData("payment_intent.succeeded")]
    [InlineData("payment_method.attached")]
    [InlineData("payment_method.detached")]
    [InlineData("payment_method.updated")]
    [InlineData("setup_intent.succeeded")]
    [InlineData("subscription.payment_succeeded", "invoice.paid", "customer.subscription.updated")]
    [InlineData("subscription.payment_failed", "invoice.payment_failed")]
    public async Task Trigger_OfAnEvent_RunsThroughAndBringsItAbout(string trigger, params string[] events)
    {
        await using var stripe = await StripeDouble.StartAsync();
        using var directory = new TemporaryDirectory();

        var (code, output) = await ShellCommand.RunAsync(
            [
                peers.CommandLine, "trigger", trigger, "--api-base", stripe.Address, "--api-key", stripe.ApiKey,
                "--config", directory.In("config.toml"), "--color", "off",
            ],
            default,
            new Dictionary<string, string> { ["STRIPE_CLI_TELEMETRY_OPTOUT"] = "1", ["HOME"] = directory.Path });
        foreach (var intent in stripe.Events("payment_intent.processing"))
        {
            stripe.Settle(intent["data"]!["object"]!["id"]!.ToString(), isPaid: trigger != "checkout.session.async_payment_failed");
        }

        Assert.True(code == 0, $"{trigger}: {output}\n{string.Join('\n', stripe.Requests.Select(Show))}");
        Assert.All(
            trigger.StartsWith("subscription.", StringComparison.Ordinal) ? events : [trigger, .. events],
            type => Assert.NotEmpty(stripe.Events(type)));
        Assert.All(stripe.Requests, request => Assert.True(request.Status is 200 or 402, Show(request)));
    }

    private static string Show(StripeRequest request) =>
        $"{request.Method} {request.Path} {((JsonNode)request.Form).ToJsonString()} → {request.Status}";
}
