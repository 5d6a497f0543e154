namespace MeteringGateway.Testing;

/// <summary>One metered call as its client saw it.</summary>
/// <param name="Number">Sent in the body, so that the provider's log leads from it to the request id even where no answer came.</param>
/// <param name="Status">0: no whole answer came, so the client can't know whether it was charged.</param>
/// <param name="Charged">What the answer says.</param>
/// <param name="Began">The timestamp of the send.</param>
/// <param name="Ended">The timestamp of the end.</param>
public sealed record ClientCall(
    long Number, long Account, long Price, string? RequestId, int Status, string? Code, long Charged, long Began, long Ended = 0)
{
    public TimeSpan Took => TimeProvider.System.GetElapsedTime(Began, Ended);
    public bool Succeeded => Status is >= 200 and < 300;
}
