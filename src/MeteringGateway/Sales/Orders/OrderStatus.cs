namespace MeteringGateway.Sales.Orders;

/// <summary>
/// The states of an order and the ways between them. Money that arrived always wins: an order that was declined or given up
/// and is paid after all gets its credits. Nothing leads out of <see cref="Fulfilled"/>.
/// </summary>
internal static class OrderStatus
{
    public const string Pending = "pending";
    public const string Paid = "paid";
    public const string Fulfilled = "fulfilled";
    public const string Declined = "declined";
    public const string Canceled = "canceled";

    public static IReadOnlyList<string> All { get; } = [Pending, Paid, Fulfilled, Declined, Canceled];

    /// <summary>From where an order may get to <paramref name="status"/>; the statements that move it take this list.</summary>
    public static string[] Before(string status) => status switch
    {
        Pending => [],
        Paid => [Pending, Declined, Canceled],
        Fulfilled => [Paid],
        Declined or Canceled => [Pending],
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "No such state."),
    };
}
