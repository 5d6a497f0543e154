using MeteringGateway.Http.Authentication;

namespace MeteringGateway.Http.InnerCalls;

/// <summary>A request that a part of the gateway sends to the gateway itself.</summary>
/// <param name="Method">Of HTTP.</param>
/// <param name="Target">Path and query, as a client would write them.</param>
internal sealed record InnerCall(string Method, string Target)
{
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Of the body, where there is one.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>Beside those of the body: credentials, <c>Idempotency-Key</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Set where the sender has found out itself who calls: it then stands in place of any credential in the headers.</summary>
    public Vouched? Vouched { get; init; }
}

/// <summary>What the gateway answered, whole.</summary>
internal sealed record InnerAnswer(int Status, IHeaderDictionary Headers, ReadOnlyMemory<byte> Body)
{
    public string ContentType => Headers.ContentType.ToString();

    public bool IsSuccess => Status is >= StatusCodes.Status200OK and < StatusCodes.Status300MultipleChoices;
}
