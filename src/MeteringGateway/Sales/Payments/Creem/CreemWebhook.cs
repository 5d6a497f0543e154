using System.Text.Json;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Sales.Payments.Creem;

/// <summary>Checks and reads Creem's events.</summary>
internal sealed class CreemWebhook(IOptions<CreemOptions> options) : IPaymentWebhook
{
    public const string Name = "creem";

    public string Channel => Name;
    public string Section => CreemOptions.Section;
    public bool IsConfigured => options.Value.WebhookSecret is { Length: > 0 };
    public bool LiveMode => options.Value.IsLive;
    public bool NeedsProduct => true;

    public bool Verify(IHeaderDictionary headers, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        CreemSignature.Fits(headers, body, options.Value.WebhookSecret!, now);

    public PaymentEvent? Read(JsonElement root) => CreemEvents.Read(root);
}
