using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Sales.Payments.Stripe;

/// <summary>Checks and reads Stripe's events.</summary>
internal sealed class StripeWebhook(IOptions<StripeOptions> options) : IPaymentWebhook
{
    public const string Name = "stripe";

    /// <summary>A signed text that was recorded can't be sent again later than this. Stripe's own default.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public string Channel => Name;
    public string Section => StripeOptions.Section;
    public bool IsConfigured => options.Value.WebhookSecret is { Length: > 0 };
    public bool LiveMode => options.Value.IsLive;
    public bool NeedsProduct => false;
    public string? Release => ".endive";

    /// <summary>
    /// <c>t=unix,v1=hex[,v1=hex]</c> over <c>t.body</c>. While a secret is being replaced there are two v1, and one has to fit;
    /// other schemes are ignored, or the weakest would decide.
    /// </summary>
    public bool Verify(IHeaderDictionary headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        string? sent = null;
        var given = new List<string>();
        foreach (var part in headers["Stripe-Signature"].ToString().Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("t=", StringComparison.Ordinal))
            {
                sent = part[2..];
            }
            else if (part.StartsWith("v1=", StringComparison.Ordinal))
            {
                given.Add(part[3..]);
            }
        }

        if (!long.TryParse(sent, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(now.ToUnixTimeSeconds() - (decimal)seconds) > (decimal)Tolerance.TotalSeconds)
        {
            return false;
        }

        var expected = WebhookMac.Of([.. Encoding.UTF8.GetBytes(sent + "."), .. body], options.Value.WebhookSecret!);
        var fits = false;
        foreach (var text in given)
        {
            fits |= WebhookMac.Equal(text, expected);
        }

        return fits;
    }

    public PaymentEvent? Read(JsonElement root) => StripeEvents.Read(root);
}
