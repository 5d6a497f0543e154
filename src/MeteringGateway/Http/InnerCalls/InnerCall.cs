using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Bounds;

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

    /// <summary>A client of the sender's that leaves does not end it.</summary>
    public bool RunsToItsEnd { get; init; }

    /// <summary>What is kept of the answer, for one that goes out as it comes has no bound of its own.</summary>
    public int MaxAnswerBytes { get; init; } = int.MaxValue;

    /// <summary>Counts what is kept of the answer; null: nobody counts it.</summary>
    public BodyLease? Lease { get; init; }
}

/// <summary>What the gateway answered, whole.</summary>
internal sealed record InnerAnswer(int Status, IHeaderDictionary Headers, ReadOnlyMemory<byte> Body)
{
    public string ContentType => Headers.ContentType.ToString();

    /// <summary>What is known only at the end of an answer that goes out as it comes: what it was charged.</summary>
    public IHeaderDictionary Trailers { get; init; } = new HeaderDictionary();

    /// <summary>The connection would have been cut: the answer is not whole.</summary>
    public bool IsBrokenOff { get; init; }

    /// <summary>The answer is longer than is kept; what is missing is its end.</summary>
    public bool IsCut { get; init; }

    public bool IsSuccess => Status is >= StatusCodes.Status200OK and < StatusCodes.Status300MultipleChoices;
}
