using System.Globalization;

namespace MeteringGateway.Calls.History;

/// <summary>
/// Reads a call's attempts back from their short form, <c>alpha=503;12, beta=200/bad_response;9, gamma=200;31</c>. Pure.
/// </summary>
internal static class AttemptList
{
    /// <param name="text">Null: none.</param>
    /// <param name="succeeded">
    /// Whether the last attempt gave the answer: of any other with a 2xx the answer broke off, which older entries do not say.
    /// </param>
    public static IReadOnlyList<CallAttempt> Read(string? text, bool succeeded)
    {
        var attempts = new List<CallAttempt>();
        foreach (var part in (text ?? "").Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            var (equals, semicolon) = (part.LastIndexOf('='), part.LastIndexOf(';'));
            if (equals <= 0 || semicolon < equals
                || !long.TryParse(part.AsSpan(semicolon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var duration))
            {
                continue;
            }

            var ended = part[(equals + 1)..semicolon];
            if (ended.Split('/') is [var number, var outcome]
                && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var answered))
            {
                attempts.Add(new CallAttempt(part[..equals], outcome, answered, duration));
                continue;
            }

            attempts.Add(int.TryParse(ended, NumberStyles.None, CultureInfo.InvariantCulture, out var status)
                ? new CallAttempt(part[..equals], status is >= 200 and < 300 ? "bad_response" : "status", status, duration)
                : new CallAttempt(part[..equals], ended, null, duration));
        }

        if (succeeded && attempts is [.., { Outcome: "bad_response" } last] && !text!.EndsWith(Written(last), StringComparison.Ordinal))
        {
            attempts[^1] = last with { Outcome = "success" };
        }

        return attempts;
    }

    private static string Written(CallAttempt attempt) =>
        string.Create(CultureInfo.InvariantCulture, $"{attempt.Status}/{attempt.Outcome};{attempt.DurationMs}");
}
