namespace MeteringGateway.Accounts.Notices;

/// <summary>How long to wait before a webhook is tried again.</summary>
internal static class RetrySchedule
{
    /// <summary>
    /// Twice as long with each failed attempt, up to a bound; then a half and by chance the rest of it, so that notices which failed
    /// together do not come back together. Null: enough is enough.
    /// </summary>
    /// <param name="options">First and longest pause and the number of attempts.</param>
    /// <param name="attempts">How many have failed, at least 1.</param>
    /// <param name="chance">From 0 to below 1.</param>
    public static TimeSpan? After(NoticesOptions options, int attempts, double chance)
    {
        if (attempts >= options.MaxAttempts)
        {
            return null;
        }

        // In floating point, which a hundredth doubling does not overflow.
        var seconds = Math.Min(options.FirstRetry.TotalSeconds * Math.Pow(2, attempts - 1), options.LongestRetry.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * (0.5 + (chance / 2)));
    }
}
