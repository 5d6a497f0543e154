using System.Globalization;

namespace MeteringGateway.Engine.Calls;

/// <summary>
/// The call that has an idempotency key, read from its record <c>h|fingerprint|request id|hold id</c> or
/// <c>c|fingerprint|request id|credits</c>, as batch.lua writes it.
/// </summary>
/// <param name="RequestId">The first call's.</param>
/// <param name="Charged">In credits; null while it is under way.</param>
internal sealed record FirstCall(string RequestId, long? Charged)
{
    private const int Parts = 4;

    /// <summary>Null: the record can't be read.</summary>
    public static FirstCall? Of(string record) => record.Split('|', Parts) switch
    {
        ["h", _, var request, _] => new FirstCall(request, null),
        ["c", _, var request, var charged]
            when long.TryParse(charged, NumberStyles.None, CultureInfo.InvariantCulture, out var credits) =>
            new FirstCall(request, credits),
        _ => null,
    };
}
