using System.Globalization;
using MeteringGateway.Accounts.Usage;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Background;

namespace MeteringGateway.Accounts.Accounts;

/// <summary>
/// Finds accounts by what an operator has in hand: a part of the email, the account's number, the shown part of a key, the request id of a
/// call or the id of an entry. On the connections of pages, where no look takes long. Any number of callers at once.
/// </summary>
internal sealed class AccountSearch(ConsoleDatabase database)
{
    /// <summary>An email has at most as many; ids of entries are shorter.</summary>
    public const int LongestText = NewAccount.MaxEmail;

    /// <summary>Fewer letters are in nearly every email: they are taken for its beginning.</summary>
    private const int ShortestPart = 3;

    /// <summary><c>mg_live_</c> or <c>mg_test_</c> and six digits; what stands behind them is secret, and no list has it.</summary>
    private const int ShownOfKey = 14;

    private static readonly string s_search = SqlFile.Read("Accounts/Accounts/search-accounts.sql");

    /// <summary>The accounts of one page in the order of their numbers, and how many there are.</summary>
    public async Task<(IReadOnlyList<long> Ids, long Total)> FindAsync(string text, Page page, CancellationToken cancellationToken)
    {
        text = text.Trim();
        var isKey = text.StartsWith("mg_live_", StringComparison.Ordinal) || text.StartsWith("mg_test_", StringComparison.Ordinal);
        var mayBeKey = isKey || text.StartsWith("mg_", StringComparison.Ordinal);
        var email = Escaped(EmailAddress.KeyOf(text));
        var found = await database.QuerySingleAsync<Found>(
            s_search,
            new
            {
                text = isKey ? null : text,
                number = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (long?)null,
                email_beginning = isKey || text.Length == 0 ? null : email + "%",
                email_part = isKey || text.Length < ShortestPart ? null : "%" + email + "%",
                key_beginning = mayBeKey ? Escaped(text.Length > ShownOfKey ? text[..ShownOfKey] : text) + "%" : null,
                limit = page.Limit,
                offset = page.Offset,
            },
            cancellationToken);
        return (found.Ids, found.Total);
    }

    /// <summary>A text that <c>like</c> takes for itself.</summary>
    private static string Escaped(string text) => text
        .Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("%", @"\%", StringComparison.Ordinal)
        .Replace("_", @"\_", StringComparison.Ordinal);

    private sealed record Found
    {
        public long Total { get; init; }
        public required long[] Ids { get; init; }
    }
}
