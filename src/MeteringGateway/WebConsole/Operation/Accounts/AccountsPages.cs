using System.Globalization;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;
using Microsoft.AspNetCore.WebUtilities;

namespace MeteringGateway.WebConsole.Operation.Accounts;

/// <summary>All accounts: found by email, id, key prefix or request id, and made.</summary>
internal static class AccountsPages
{
    public const string Path = "/console/operator/accounts";
    private const int Rows = 50;

    public static void MapAccountsPages(this RouteGroupBuilder operators)
    {
        operators.MapGet("/accounts", (HttpContext context, ConsoleApi api) => ListAsync(context, api, null));
        operators.MapPost("/accounts", CreateAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext context, ConsoleApi api, ApiProblem? problem)
    {
        var search = context.Request.Query["search"].ToString().Trim() is { Length: > 0 } text ? text : null;
        var offset = PagerModel.OffsetOf(context.Request);
        var answer = await api.GetAsync<AccountList>(QueryHelpers.AddQueryString("/admin/accounts", new Dictionary<string, string?>
        {
            ["search"] = search,
            ["limit"] = Rows.ToString(CultureInfo.InvariantCulture),
            ["offset"] = offset.ToString(CultureInfo.InvariantCulture),
        }.Where(pair => pair.Value is not null)));
        var found = answer.Value?.Accounts;
        if (search is not null && offset == 0 && answer.Value?.Total == 1 && found is [var only])
        {
            return SeeOther.To($"{Path}/{only.Id}");
        }

        var page = search is null ? Path : QueryHelpers.AddQueryString(Path, "search", search);
        var model = new AccountsModel(
            search, found, new PagerModel(page, Rows, offset, found?.Count ?? 0, answer.Value?.Total), problem ?? answer.Problem);
        return new ConsolePage<AccountsView, AccountsModel>("Accounts", model)
        {
            Status = model.Problem?.Status ?? StatusCodes.Status200OK,
        };
    }

    private static async Task<IResult> CreateAsync(FormFields form, HttpContext context, ConsoleApi api)
    {
        var fields = new Dictionary<string, object?>
        {
            ["email"] = form.Text("email"),
            ["full_name"] = form.Text("full_name"),
            ["kind"] = form.Text("kind"),
        };
        if (form.Number("credits") is { } credits)
        {
            fields["credits"] = credits;
        }

        var answer = await api.SendAsync<AccountInfo>(HttpMethods.Post, "/admin/accounts", fields);
        return answer.IsOk ? SeeOther.Done($"{Path}/{answer.Value.Id}", "saved") : await ListAsync(context, api, answer.Problem);
    }
}
