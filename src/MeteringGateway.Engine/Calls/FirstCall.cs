using System.Globalization;

namespace MeteringGateway.Engine.Calls;

/// <summary>
/// The call that has an idempotency key, read from its record <c>h|fingerprint|request id|hold id</c> or
/// <c>c|fingerprint|request id|credits|balance</c>, as batch.lua writes it.
/// </summary>
/// <param name="RequestId">The first call's.</param>
/// <param name="Charged">In credits; null while it is under way.</param>
/// <param name="Balance">After the charge; null while the call is under way, and of a record from before records said it.</param>
internal sealed record FirstCall(string RequestId, long? Charged, long? Balance = null)
{

    /// <summary>Null: the record can't be read.</summary>
    public static FirstCall? Of(string record) => record.Split('|') switch
    {
        ["h", _, var request, _] => new FirstCall(request, null),
        ["c", _, var request, var charged] when Number(charged) is { } credits => new FirstCall(request, credits),
        ["c", _, var request, var charged, var left] when Number(charged) is { } credits && Number(left) is { } balance =>
            new FirstCall(request, credits, balance),
        _ => null,
    };

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
