using MeteringGateway.WebConsole.Account.Keys;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;

namespace MeteringGateway.WebConsole.Account.Ledger;

/// <summary>The account's ledger, a call's receipt, and the ledger as a file.</summary>
internal static class LedgerPages
{
    private const string Path = "/console/ledger";
    private const string Api = "/api/me/ledger";
    private const int Rows = 50;

    public static void MapLedgerPages(this RouteGroupBuilder visitors)
    {
        visitors.MapGet("/ledger", ShowAsync);
        visitors.MapGet("/ledger.csv", ExportAsync);
        visitors.MapGet("/calls/{id}", ReceiptAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, ConsoleApi api)
    {
        var filter = LedgerFilter.Of(context.Request.Query);
        var offset = PagerModel.OffsetOf(context.Request);
        var answer = await api.GetAsync<EntryList>(filter.Api(Api, Rows, offset));
        var entries = answer.Value?.Transactions;
        var pager = new PagerModel(filter.Page(Path), Rows, offset, entries?.Count ?? 0, answer.Value?.Total)
        {
            IsBound = !filter.IsEmpty && answer.Value?.Total >= EntryList.CountedTo,
        };
        return new ConsolePage<LedgerView, LedgerModel>("Ledger", new LedgerModel(entries, filter, pager, answer.Problem))
        {
            Status = answer.Problem?.Status ?? StatusCodes.Status200OK,
        };
    }

    private static Task<IResult> ExportAsync(HttpContext context, ConsoleApi api) =>
        LedgerExport.OfAsync(context, api.GetAsync<EntryList>, LedgerFilter.Of(context.Request.Query), Path);

    private static async Task<IResult> ReceiptAsync(string id, ConsoleApi api)
    {
        var call = await api.GetAsync<CallInfo>($"/api/v1/calls/{Uri.EscapeDataString(id)}");
        if (!call.IsOk)
        {
            return call.Problem.Status == StatusCodes.Status404NotFound
                ? MessagePage.NotFound("call")
                : MessagePage.Of(call.Problem);
        }

        var found = await api.GetAsync<EntryList>($"{Api}?limit=1&entry_id={Uri.EscapeDataString(id)}");
        var entry = found.Value?.Transactions is [var only, ..] ? only : null;
        var key = entry?.KeyId is { } keyId ? (await api.GetAsync<KeyInfo>($"/api/me/keys/{keyId}")).Value : null;
        return new ConsolePage<ReceiptView, ReceiptModel>(
            "Receipt", new ReceiptModel(call.Value, entry, key?.Name, ConsolePaths.Customers));
    }
}
