using System.Globalization;

namespace MeteringGateway.Sales.Payments.Sandbox;

/// <summary>A page of the sandbox that saves a payment method in place of taking a payment: <c>setup:7:…</c> is account 7's.</summary>
internal static class SandboxSetup
{
    private const string Prefix = "setup:";

    /// <summary>Null: a payment.</summary>
    public static long? AccountOf(string reference)
    {
        var parts = reference.StartsWith(Prefix, StringComparison.Ordinal) ? reference.Split(':') : [];
        return parts.Length == 3 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var account)
            ? account
            : null;
    }

    /// <summary>What is on file after it; there is no card.</summary>
    public static MethodFacts Card(string id) => new("method_" + id, PaymentChannels.Sandbox, "4242", 12, 2040);
}
