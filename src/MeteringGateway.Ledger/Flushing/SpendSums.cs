using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Ledger.Flushing;

/// <summary>What a key has spent in one window of a period, as <c>key_spend</c> keeps it.</summary>
internal readonly record struct KeySpend(long KeyId, string Period, long Window, long Credits);

/// <summary>What an account has spent in a month, as <c>account_spend</c> keeps it.</summary>
internal readonly record struct MonthSpend(long AccountId, long Month, long Credits);

/// <summary>
/// Adds up a batch's charges by key and window and by account and month, each sum once and in order, so that PostgreSQL neither sorts nor
/// groups. Pure.
/// </summary>
internal sealed class SpendSums
{
    public List<KeySpend> Keys { get; } = [];
    public List<MonthSpend> Months { get; } = [];

    /// <summary>Null: a sum is larger than the ledger can hold.</summary>
    public static SpendSums? TryOf(IReadOnlyList<NumberedEntry> entries)
    {
        var byKey = new Dictionary<(long KeyId, SpendWindows Windows), Int128>();
        var byMonth = new Dictionary<(long AccountId, long Month), Int128>();
        foreach (var (entry, _, _) in entries)
        {
            if (entry.Windows is not { } windows)
            {
                continue;
            }

            var month = (entry.AccountId, windows.Month);
            byMonth[month] = byMonth.GetValueOrDefault(month) - entry.CreditsDelta;
            if (entry.KeyId is { } key)
            {
                byKey[(key, windows)] = byKey.GetValueOrDefault((key, windows)) - entry.CreditsDelta;
            }
        }

        var sums = new SpendSums();
        return sums.AddKeys(byKey) && sums.AddMonths(byMonth) ? sums : null;
    }

    private bool AddKeys(Dictionary<(long KeyId, SpendWindows Windows), Int128> byKey)
    {
        var rows = byKey.Select(row => (row.Key.KeyId, row.Key.Windows, Credits: row.Value)).OrderBy(row => row.KeyId).ToList();
        for (var (first, end) = (0, 0); first < rows.Count; first = end)
        {
            while (end < rows.Count && rows[end].KeyId == rows[first].KeyId)
            {
                end++;
            }

            var ofKey = rows[first..end];
            if (!(Add("DAILY", windows => windows.Day) && Add("FIXED", _ => 0) && Add("MONTHLY", windows => windows.Month)
                && Add("WEEKLY", windows => windows.Week)))
            {
                return false;
            }

            // Nearly always one row: the windows are the same for all charges of a batch unless it is midnight.
            bool Add(string period, Func<SpendWindows, long> window)
            {
                foreach (var (id, credits) in ofKey.Count == 1
                    ? [(window(ofKey[0].Windows), ofKey[0].Credits)]
                    : ofKey.GroupBy(row => window(row.Windows), row => row.Credits).OrderBy(group => group.Key)
                        .Select(group => (group.Key, group.Aggregate((Int128)0, (sum, more) => sum + more))).ToList())
                {
                    if (!Fits(credits))
                    {
                        return false;
                    }

                    Keys.Add(new KeySpend(ofKey[0].KeyId, period, id, (long)credits));
                }

                return true;
            }
        }

        return true;
    }

    private bool AddMonths(Dictionary<(long AccountId, long Month), Int128> byMonth)
    {
        foreach (var ((account, month), credits) in byMonth.OrderBy(row => row.Key))
        {
            if (!Fits(credits))
            {
                return false;
            }

            Months.Add(new MonthSpend(account, month, (long)credits));
        }

        return true;
    }

    private static bool Fits(Int128 credits) => credits >= long.MinValue && credits <= long.MaxValue;
}
