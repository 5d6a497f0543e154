using System.Globalization;
using MeteringGateway.Engine.Calls;

namespace MeteringGateway.Calls.Answers;

/// <summary>Status and headers of the answer to a call. A kept answer that is sent again has the same.</summary>
internal static class AnswerHead
{
    public const string Charged = "X-Credits-Charged";
    public const string Remaining = "X-Credits-Remaining";
    public const string Attempts = "X-Provider-Attempts";

    /// <summary>Nothing of what an attempt before has left, and the limits of the key.</summary>
    public static void Begin(HttpResponse response, in BalanceSnapshot snapshot)
    {
        response.Clear();
        RateLimitHeaders.Write(response.Headers, snapshot);
    }

    /// <param name="facts">Said in headers, whether the body says them or not.</param>
    /// <param name="inEnvelope">The call was made at <c>/api/v1/query</c>, whose JSON answers are envelopes.</param>
    /// <param name="isJson">The provider's answer is JSON.</param>
    public static void Write(
        HttpResponse response, AnswerFacts facts, int status, IReadOnlyList<KeyValuePair<string, string>> headers, bool inEnvelope,
        bool isJson)
    {
        // 205 forbids a body, and the server refuses to write one when the call is charged already.
        response.StatusCode = status == StatusCodes.Status205ResetContent ? StatusCodes.Status200OK : status;
        response.Headers["X-Request-Id"] = facts.RequestId;
        response.Headers["X-Provider"] = facts.Provider;
        if (facts.Charged > 0)
        {
            response.Headers[Charged] = facts.Charged.ToString(CultureInfo.InvariantCulture);
        }

        if (facts.Remaining is { } balance)
        {
            response.Headers[Remaining] = balance.ToString(CultureInfo.InvariantCulture);
        }

        if (!inEnvelope || !isJson)
        {
            response.Headers[Attempts] = AttemptsText.Of(facts.Attempts);
        }

        response.Headers.CacheControl = "no-store";
        if (inEnvelope && isJson)
        {
            response.ContentType = "application/json";
            return;
        }

        for (var i = 0; i < headers.Count; i++)
        {
            if (!inEnvelope && headers[i].Key is "Cache-Control" or "Expires")
            {
                // A GET under the provider's own path: a cache in front would give what one account has paid for to others.
                continue;
            }

            response.Headers[headers[i].Key] = headers[i].Value;
        }
    }
}
