using MeteringGateway.WebConsole.Account.Credits;
using MeteringGateway.WebConsole.Account.Keys;
using MeteringGateway.WebConsole.Account.Ledger;
using MeteringGateway.WebConsole.Account.Notices;
using MeteringGateway.WebConsole.Account.Usage;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;

namespace MeteringGateway.WebConsole.Operation.Accounts;

/// <summary>One account as its customer sees it, and what an operator may do with it.</summary>
internal static class AccountPages
{
    private const int Rows = 50;

    public static void MapAccountPage(this RouteGroupBuilder operators)
    {
        var account = operators.MapGroup("/accounts/{id:long}");
        account.MapGet("", (long id, ConsoleApi api, UsageLook look, TimeProvider time) => ShowAsync(id, api, look, time, null));
        account.MapPost("/credit", CreditAsync);
        account.MapPost("/change", ChangeAsync);
        account.MapPost("/console-link", LinkAsync);
        account.MapGet("/ledger", LedgerAsync);
        account.MapGet("/ledger.csv", (long id, HttpContext context, ConsoleApi api) =>
            LedgerExport.OfAsync(
                context, target => api.GetAsCustomerAsync<EntryList>(id, target), LedgerFilter.Of(context.Request.Query),
                $"{AccountsPages.Path}/{id}/ledger"));
        account.MapGet("/calls/{call}", ReceiptAsync);
    }

    private static async Task<IResult> ShowAsync(long id, ConsoleApi api, UsageLook look, TimeProvider time, ApiProblem? problem)
    {
        var answer = await api.GetAsync<AccountInfo>($"/admin/accounts/{id}");
        if (!answer.IsOk)
        {
            return Missing(answer.Problem);
        }

        var filter = new UsageFilter("30d", null, null, "day", "surface", null, null);
        var query = filter.Read(id, time.GetUtcNow()).Query!;
        var usage = await look.ReadAsync(query);
        var model = new AccountModel(answer.Value, problem)
        {
            Keys = (await api.GetAsync<KeyList>($"/admin/accounts/{id}/keys?limit=50")).Value?.Keys,
            Entries = (await api.GetAsCustomerAsync<EntryList>(id, "/api/me/ledger?limit=10")).Value?.Transactions,
            Orders = (await api.GetAsCustomerAsync<Answer<IReadOnlyList<OrderInfo>>>(id, "/orders?limit=10")).Value?.Data,
            Events = (await api.GetAsCustomerAsync<EventList>(id, "/api/me/events?limit=10")).Value?.Events,
            OpenDebt = (await api.GetAsync<DebtList>($"/admin/debts?limit=1&account_id={id}")).Value?.Totals.OpenCredits ?? 0,
            Chart = usage.IsOk ? UsageSums.Of(usage.Value, query, filter, new Dictionary<long, string>()).Chart : null,
        };
        return new ConsolePage<AccountView, AccountModel>(answer.Value.FullName, model)
        {
            Status = problem?.Status ?? StatusCodes.Status200OK,
        };
    }

    private static async Task<IResult> CreditAsync(long id, FormFields form, ConsoleApi api, UsageLook look, TimeProvider time)
    {
        // Without a reference of the operator's own, the form's key makes a second click the same credit.
        var answer = await api.SendAsync<Nothing>(HttpMethods.Post, "/admin/credits/manual", new
        {
            account_id = id,
            amount = form.Number("amount"),
            type = form.Text("type"),
            description = form.Text("description"),
            reference = form.Text("reference") ?? (form.Once is { } once ? "console:" + once : null),
        });
        return answer.IsOk
            ? SeeOther.Done($"{AccountsPages.Path}/{id}", "credited")
            : await ShowAsync(id, api, look, time, answer.Problem);
    }

    private static async Task<IResult> ChangeAsync(long id, FormFields form, ConsoleApi api, UsageLook look, TimeProvider time)
    {
        var fields = new Dictionary<string, object?>();
        if (form.Text("status") is { } status)
        {
            fields["status"] = status;
        }
        else
        {
            fields["monthly_budget"] = form.Number("monthly_budget");
        }

        var answer = await api.SendAsync<AccountInfo>(HttpMethods.Patch, $"/admin/accounts/{id}", fields);
        var done = form.Text("status") switch { null => "budget", "suspended" => "suspended", _ => "activated" };
        return answer.IsOk ? SeeOther.Done($"{AccountsPages.Path}/{id}", done) : await ShowAsync(id, api, look, time, answer.Problem);
    }

    /// <summary>A link for the customer; the session that the call also makes is nobody's to use, and ends by itself.</summary>
    private static async Task<IResult> LinkAsync(long id, ConsoleApi api, UsageLook look, TimeProvider time)
    {
        var account = await api.GetAsync<AccountInfo>($"/admin/accounts/{id}");
        if (!account.IsOk)
        {
            return Missing(account.Problem);
        }

        var answer = await api.SendAsync<Opened>(HttpMethods.Post, $"/admin/accounts/{id}/sessions");
        return answer.IsOk
            ? new ConsolePage<ConsoleLinkView, ConsoleLinkModel>(
                "A link to the console", new ConsoleLinkModel(account.Value, answer.Value.ConsoleUrl ?? ""))
            : await ShowAsync(id, api, look, time, answer.Problem);
    }

    private static async Task<IResult> LedgerAsync(long id, HttpContext context, ConsoleApi api)
    {
        var account = await api.GetAsync<AccountInfo>($"/admin/accounts/{id}");
        if (!account.IsOk)
        {
            return Missing(account.Problem);
        }

        var filter = LedgerFilter.Of(context.Request.Query);
        var offset = PagerModel.OffsetOf(context.Request);
        var answer = await api.GetAsCustomerAsync<EntryList>(id, filter.Api("/api/me/ledger", Rows, offset));
        var entries = answer.Value?.Transactions;
        var pager = new PagerModel(
            filter.Page($"{AccountsPages.Path}/{id}/ledger"), Rows, offset, entries?.Count ?? 0, answer.Value?.Total)
        {
            IsBound = !filter.IsEmpty && answer.Value?.Total >= EntryList.CountedTo,
        };
        return new ConsolePage<AccountLedgerView, AccountLedgerModel>(
            $"Ledger of {account.Value.FullName}", new AccountLedgerModel(account.Value, entries, filter, pager, answer.Problem));
    }

    private static async Task<IResult> ReceiptAsync(long id, string call, ConsoleApi api)
    {
        var found = await api.GetAsCustomerAsync<CallInfo>(id, $"/api/v1/calls/{Uri.EscapeDataString(call)}");
        if (!found.IsOk)
        {
            return Missing(found.Problem);
        }

        var entry = (await api.GetAsCustomerAsync<EntryList>(id, $"/api/me/ledger?limit=1&entry_id={Uri.EscapeDataString(call)}")).Value;
        return new ConsolePage<ReceiptView, ReceiptModel>(
            "Receipt", new ReceiptModel(found.Value, entry?.Transactions is [var only, ..] ? only : null, null, ConsolePaths.Operators));
    }

    private static IResult Missing(ApiProblem problem) =>
        problem.Status == StatusCodes.Status404NotFound ? MessagePage.NotFound("account") : MessagePage.Of(problem);

    private sealed record Opened(string Session, string? ConsoleUrl);
}
