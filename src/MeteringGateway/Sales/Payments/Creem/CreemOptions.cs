namespace MeteringGateway.Sales.Payments.Creem;

/// <summary>Section <c>Payments:Creem</c>.</summary>
internal sealed class CreemOptions
{
    public const string Section = "Payments:Creem";

    /// <summary>Unset: the endpoint is closed.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>Events of the other mode change nothing: a test payment must not buy real credits.</summary>
    public bool LiveMode { get; set; } = true;
}
