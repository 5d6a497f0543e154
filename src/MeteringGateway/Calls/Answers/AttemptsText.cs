using System.Globalization;
using System.Runtime.CompilerServices;
using MeteringGateway.Calls.Providers;

namespace MeteringGateway.Calls.Answers;

/// <summary>
/// A call's attempts in short, as a header and the call's ledger entry have them: <c>alpha=503;12, beta=200;31</c>. An attempt without a
/// status shows its outcome: <c>alpha=timeout;5000</c>. The entry also says where a 2xx was no success: <c>alpha=200/bad_response;12</c>.
/// </summary>
internal static class AttemptsText
{
    /// <remarks>Names of providers are checked when they are configured: none has a sign that separates here.</remarks>
    public static string Of(IReadOnlyList<AttemptReport> attempts) => Of(attempts, saysFailures: false);

    /// <summary>For what is kept of a call; the header has no place for it.</summary>
    public static string ToKeep(IReadOnlyList<AttemptReport> attempts) => Of(attempts, saysFailures: true);

    private static string Of(IReadOnlyList<AttemptReport> attempts, bool saysFailures)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[256]);
        for (var i = 0; i < attempts.Count; i++)
        {
            var attempt = attempts[i];
            text.AppendLiteral(i == 0 ? "" : ", ");
            text.AppendLiteral(attempt.Provider);
            text.AppendLiteral("=");
            if (attempt.Status is { } status)
            {
                text.AppendFormatted(status);
                if (saysFailures && status is >= 200 and < 300 && attempt.Outcome != AttemptOutcome.Success)
                {
                    text.AppendLiteral("/");
                    text.AppendLiteral(attempt.Outcome.Name());
                }
            }
            else
            {
                text.AppendLiteral(attempt.Outcome.Name());
            }

            text.AppendLiteral(";");
            text.AppendFormatted((long)attempt.Duration.TotalMilliseconds);
        }

        return text.ToStringAndClear();
    }
}
