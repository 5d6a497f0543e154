namespace MeteringGateway.Sales.Payments.Sandbox;

/// <summary>What the sandbox can be told to do with a payment, by the header <see cref="HeaderName"/> or in its options.</summary>
internal static class SandboxMode
{
    public const string HeaderName = "X-Sandbox-Payment";

    /// <summary>Paid at once; on a hosted page, as soon as the customer opens it.</summary>
    public const string Pay = "pay";
    public const string Decline = "decline";

    /// <summary>Stays pending, whatever happens.</summary>
    public const string Pending = "pending";

    /// <summary>Pending until it is confirmed or <see cref="SandboxOptions.Delay"/> has passed, then paid.</summary>
    public const string Later = "later";

    public static IReadOnlyList<string> All { get; } = [Pay, Decline, Pending, Later];

    /// <summary>
    /// The mode that a request asks for; null for none. An unknown one is answered with false: a test that misspells it should know.
    /// </summary>
    public static bool TryRead(IHeaderDictionary headers, out string? mode)
    {
        mode = headers.TryGetValue(HeaderName, out var values) ? values.ToString() : null;
        return mode is null || All.Contains(mode);
    }
}
