using System.Globalization;
using System.Text;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Calls.Answers;

/// <summary>
/// <c>RateLimit-Policy</c> and <c>RateLimit</c> (draft-ietf-httpapi-ratelimit-headers-10), one item for each limit of the key, in credits.
/// </summary>
internal static class RateLimitHeaders
{
    private static readonly string[] s_names = [.. Period.All.Select(period => period.Name.ToLowerInvariant())];

    public static void Write(IHeaderDictionary headers, in BalanceSnapshot snapshot)
    {
        if (snapshot.IsEmpty)
        {
            return;
        }

        StringBuilder? policy = null, limit = null;
        for (var i = 0; i < Period.All.Count; i++)
        {
            var period = Period.All[i];
            if (!snapshot.HasLimit(period))
            {
                continue;
            }

            var (state, name) = (snapshot.LimitOf(period), s_names[period.Number]);
            policy = policy is null ? new StringBuilder() : policy.Append(", ");
            limit = limit is null ? new StringBuilder() : limit.Append(", ");
            policy.Append(CultureInfo.InvariantCulture, $"\"{name}\";q={state.Limit};qu=\"credits\"");
            limit.Append(CultureInfo.InvariantCulture, $"\"{name}\";r={state.Remaining}");
            if (state.ResetsAt is { } end)
            {
                policy.Append(CultureInfo.InvariantCulture, $";w={(long)period.Length(end)!.Value.TotalSeconds}");
                limit.Append(CultureInfo.InvariantCulture, $";t={(long)Math.Ceiling((end - snapshot.Now).TotalSeconds)}");
            }
        }

        if (policy is not null)
        {
            headers["RateLimit-Policy"] = policy.ToString();
            headers["RateLimit"] = limit!.ToString();
        }
    }
}
