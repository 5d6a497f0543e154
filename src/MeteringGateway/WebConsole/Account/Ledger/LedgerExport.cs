using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;

namespace MeteringGateway.WebConsole.Account.Ledger;

/// <summary>The entries of a filter as a file, newest first.</summary>
internal static class LedgerExport
{
    private const string Api = "/api/me/ledger";

    /// <summary>The most of a page of the API.</summary>
    private const int PageRows = 200;

    /// <summary>Some seconds of reading; a month of a busy account is asked for by days, or of the usage page, which sums.</summary>
    private const int MostRows = 20_000;

    private static readonly string[] s_names =
        ["occurred_at", "id", "type", "credits", "balance_after", "key_id", "surface", "provider", "description"];

    /// <param name="context">Of the request.</param>
    /// <param name="read">Reads a page of the API's list.</param>
    /// <param name="filter">Which entries.</param>
    /// <param name="back">The page of the same entries.</param>
    public static async Task<IResult> OfAsync(
        HttpContext context, Func<string, Task<ApiAnswer<EntryList>>> read, LedgerFilter filter, string back)
    {
        var csv = new Csv(s_names);
        long? first = null;
        for (var offset = 0; ; offset += PageRows)
        {
            var answer = await read(filter.Api(Api, PageRows, offset));
            if (!answer.IsOk)
            {
                return MessagePage.Of(answer.Problem);
            }

            if (answer.Value.Total > MostRows)
            {
                return MessagePage.Of(
                    "Too much for one file",
                    $"The filter finds {Text.Number(answer.Value.Total)} entries; one file holds {Text.Number(MostRows)}. Narrow the days, "
                    + "or take the usage page's file, which has one row for each hour or day.",
                    StatusCodes.Status400BadRequest, filter.Page(back), "Back to the ledger");
            }

            foreach (var entry in answer.Value.Transactions.Where(entry => entry.Seq < (first ?? long.MaxValue)))
            {
                // An entry that came meanwhile moves the pages by one: what was written already is not written again.
                first = entry.Seq;
                csv.Add(
                    entry.OccurredAt, entry.Id, entry.Type, entry.Amount, entry.BalanceAfter, entry.KeyId, entry.Surface, entry.Provider,
                    entry.Description);
            }

            if (answer.Value.Transactions.Count < PageRows)
            {
                return csv.File(context, "ledger.csv");
            }
        }
    }
}
