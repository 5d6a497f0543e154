using MeteringGateway.Payments.Sandbox;
using MeteringGateway.Payments.Webhooks;
using MeteringGateway.People;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Payments;

/// <summary>A sandbox where money is real, or where anybody may come in: allowed, for somebody set both, and said once at the start.</summary>
internal sealed class PaymentWarnings(
    IOptions<SandboxOptions> sandbox, IOptions<StripeOptions> stripe, IOptions<CreemOptions> creem, IOptions<PeopleOptions> people, ILogger<PaymentWarnings> logger)
{
    public void Log()
    {
        if (!sandbox.Value.Enabled)
        {
            return;
        }

        var reasons = new List<string>();
        if (stripe.Value is { LiveMode: true, WebhookSecret.Length: > 0 })
        {
            reasons.Add("Payments:Stripe has a live secret");
        }

        if (creem.Value is { LiveMode: true, WebhookSecret.Length: > 0 })
        {
            reasons.Add("Payments:Creem has a live secret");
        }

        // Who announced it meant a demo, and a demo has no real money.
        if (people.Value.SignUp == PeopleOptions.Open && (!sandbox.Value.Announced || reasons.Count > 0))
        {
            reasons.Add("People:SignUp is open to everybody");
        }

        if (reasons.Count > 0)
        {
            logger.LogWarning("Payments:Sandbox:Enabled is true: whoever may buy gets credits for nothing, and {Reasons}", string.Join(", and ", reasons));
        }
    }
}
