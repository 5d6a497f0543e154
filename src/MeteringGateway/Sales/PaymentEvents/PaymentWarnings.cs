using MeteringGateway.Accounts.People;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Sales.Payments.Sandbox;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Sales.PaymentEvents;

/// <summary>
/// A sandbox where money is real, or where anybody may come in: allowed, for somebody set both, and said once at the start.
/// </summary>
internal sealed class PaymentWarnings(
    IOptions<SandboxOptions> sandbox,
    IEnumerable<IPaymentWebhook> webhooks,
    PaymentChannels channels,
    IOptions<PeopleOptions> people,
    ILogger<PaymentWarnings> logger)
{
    public void Log()
    {
        foreach (var webhook in webhooks.Where(webhook => channels.IsReal(webhook.Channel) && !webhook.IsConfigured))
        {
            logger.LogWarning(
                "{Section}:ApiKey is set and {Section}:WebhookSecret is not: what is paid there is learnt only by asking, later",
                webhook.Section, webhook.Section);
        }

        if (!sandbox.Value.Enabled)
        {
            return;
        }

        var reasons = webhooks
            .Where(webhook => webhook.LiveMode && (webhook.IsConfigured || channels.IsReal(webhook.Channel)))
            .Select(webhook => $"{webhook.Section} has a live {(webhook.IsConfigured ? "secret" : "key")}")
            .ToList();

        // The operator that announced it meant a demo, and a demo has no real money.
        if (people.Value.SignUp == PeopleOptions.Open && (!sandbox.Value.Announced || reasons.Count > 0))
        {
            reasons.Add("People:SignUp is open to everybody");
        }

        if (reasons.Count > 0)
        {
            logger.LogWarning(
                "Payments:Sandbox:Enabled is true: whoever may buy gets credits for nothing, and {Reasons}",
                string.Join(", and ", reasons));
        }
    }
}
