using System.Globalization;
using System.Text;
using MeteringGateway.Credits;

namespace MeteringGateway.Metering;

/// <summary><c>RateLimit-Policy</c> and <c>RateLimit</c> (draft-ietf-httpapi-ratelimit-headers-10), one item for each limit of the key, in credits.</summary>
internal static class RateLimitHeaders
{
    private static readonly string[] s_names = ["fixed", "daily", "weekly", "monthly"];

    public static void Write(IHeaderDictionary headers, in Meter meter)
    {
        if (meter.IsEmpty)
        {
            return;
        }

        StringBuilder? policy = null, limit = null;
        for (var i = 0; i < s_names.Length; i++)
        {
            if (!meter.HasLimit(i))
            {
                continue;
            }

            var state = meter[i];
            policy = policy is null ? new StringBuilder() : policy.Append(", ");
            limit = limit is null ? new StringBuilder() : limit.Append(", ");
            policy.Append(CultureInfo.InvariantCulture, $"\"{s_names[i]}\";q={state.Limit};qu=\"credits\"");
            limit.Append(CultureInfo.InvariantCulture, $"\"{s_names[i]}\";r={state.Remaining}");
            if (state.ResetsAt is { } end)
            {
                policy.Append(CultureInfo.InvariantCulture, $";w={(long)WindowCalendar.WindowLength(state.Period, end)!.Value.TotalSeconds}");
                limit.Append(CultureInfo.InvariantCulture, $";t={(long)Math.Ceiling((end - meter.Now).TotalSeconds)}");
            }
        }

        if (policy is not null)
        {
            headers["RateLimit-Policy"] = policy.ToString();
            headers["RateLimit"] = limit!.ToString();
        }
    }
}
