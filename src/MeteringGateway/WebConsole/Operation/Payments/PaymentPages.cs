using System.Globalization;
using MeteringGateway.WebConsole.Account.Credits;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;
using Microsoft.AspNetCore.WebUtilities;

namespace MeteringGateway.WebConsole.Operation.Payments;

/// <summary>Orders by state, what providers told, and what waits for a person.</summary>
internal static class PaymentPages
{
    private const string Path = "/console/operator/payments";
    private const int Rows = 50;

    public static void MapPaymentPages(this RouteGroupBuilder operators)
    {
        operators.MapGet("/payments", (HttpContext context, ConsoleApi api) => ShowAsync(context, api, null));
        operators.MapPost("/payments/resolve", ResolveAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, ConsoleApi api, ApiProblem? problem)
    {
        var (status, account) = (One(context, "status"), One(context, "account_id"));
        var offset = PagerModel.OffsetOf(context.Request);
        var filter = new Dictionary<string, string?> { ["status"] = status, ["account_id"] = account }
            .Where(pair => pair.Value is not null).ToList();
        var page = QueryHelpers.AddQueryString("/admin/payments", filter.Append(new("limit", Rows.ToString(CultureInfo.InvariantCulture)))
            .Append(new("offset", offset.ToString(CultureInfo.InvariantCulture))));
        var answer = await api.GetAsync<PaymentList>(page);
        var pager = new PagerModel(
            QueryHelpers.AddQueryString(Path, filter), Rows, offset, answer.Value?.Payments.Count ?? 0, answer.Value?.Total);
        var model = new PaymentsModel(answer.Value?.Payments, pager, problem ?? answer.Problem)
        {
            Status = status,
            AccountId = account,
            Waiting = (await api.GetAsync<PaymentEventList>("/admin/payments/events?needs_person=true&limit=20")).Value?.Events,
            Newest = (await api.GetAsync<PaymentEventList>("/admin/payments/events?limit=20")).Value?.Events,
            Debts = (await api.GetAsync<DebtList>("/admin/debts?limit=1")).Value?.Totals,
        };
        return new ConsolePage<PaymentsView, PaymentsModel>("Payments", model)
        {
            Status = model.Problem?.Status ?? StatusCodes.Status200OK,
        };
    }

    private static async Task<IResult> ResolveAsync(FormFields form, HttpContext context, ConsoleApi api)
    {
        var (channel, id) = (Uri.EscapeDataString(form.Text("channel") ?? "-"), Uri.EscapeDataString(form.Text("event_id") ?? "-"));
        var answer = await api.SendAsync<Nothing>(HttpMethods.Post, $"/admin/payments/events/{channel}/{id}/resolve");
        return answer.IsOk ? SeeOther.Done(Path, "resolved") : await ShowAsync(context, api, answer.Problem);
    }

    private static string? One(HttpContext context, string name) =>
        context.Request.Query[name].ToString().Trim() is { Length: > 0 } text ? text : null;
}
