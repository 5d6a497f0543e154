using MeteringGateway.WebConsole.Account.Credits;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Inside;

namespace MeteringGateway.WebConsole.Operation.Catalog;

/// <summary>What is on sale: packages, plans, coupons, and the daily check-in.</summary>
internal static class CatalogPages
{
    private const string Path = "/console/operator/catalog";

    public static void MapCatalogPages(this RouteGroupBuilder operators)
    {
        operators.MapGet("/catalog", (ConsoleApi api) => ShowAsync(api, null));
        operators.MapPost("/catalog/packages", SavePackageAsync);
        operators.MapPost("/catalog/plans", SavePlanAsync);
        operators.MapPost("/catalog/coupons", AddCouponAsync);
        operators.MapPost("/catalog/check-in", SetCheckInAsync);
    }

    private static async Task<IResult> ShowAsync(ConsoleApi api, ApiProblem? problem)
    {
        var packages = await api.GetAsync<OfferList>("/admin/catalog/packages");
        var model = new CatalogModel(problem ?? packages.Problem)
        {
            Packages = packages.Value?.Packages ?? [],
            Plans = (await api.GetAsync<Answer<IReadOnlyList<PlanDetail>>>("/admin/billing/plans")).Value?.Data ?? [],
            Coupons = (await api.GetAsync<Answer<IReadOnlyList<CouponInfo>>>("/admin/billing/coupons?limit=100")).Value?.Data ?? [],
            CheckIn = (await api.GetAsync<Answer<CheckInInfo>>("/admin/checkin/config")).Value?.Data,
        };
        return new ConsolePage<CatalogView, CatalogModel>("Catalog", model) { Status = model.Problem?.Status ?? StatusCodes.Status200OK };
    }

    /// <summary>Without an id a new one. What is sold already keeps what it was sold as.</summary>
    private static Task<IResult> SavePackageAsync(FormFields form, ConsoleApi api) => SaveAsync(
        api, Method(form), Target("/admin/catalog/packages", form), new Dictionary<string, object?>
        {
            ["slug"] = form.Text("slug"),
            ["name"] = form.Text("name"),
            ["description"] = form.Text("description") ?? "",
            ["credits"] = form.Number("credits"),
            ["price_cents"] = form.Number("price_cents"),
            ["sort_order"] = form.Number("sort_order") ?? 0,
            ["active"] = form.Ticked("active"),
        });

    private static Task<IResult> SavePlanAsync(FormFields form, ConsoleApi api) => SaveAsync(
        api, Method(form), Target("/admin/billing/plans", form), new Dictionary<string, object?>
        {
            ["slug"] = form.Text("slug"),
            ["name"] = form.Text("name"),
            ["description"] = form.Text("description") ?? "",
            ["price_monthly"] = form.Number("price_monthly"),
            ["price_yearly"] = form.Number("price_yearly"),
            ["credits_included"] = form.Number("credits_included"),
            ["active"] = form.Ticked("active"),
        });

    private static Task<IResult> AddCouponAsync(FormFields form, ConsoleApi api) =>
        SaveAsync(api, HttpMethods.Post, "/admin/billing/coupons", new Dictionary<string, object?>
        {
            ["code"] = form.Text("code"),
            ["credits"] = form.Number("credits"),
            ["max_uses"] = form.Number("max_uses"),
            ["expires_at"] = form.Text("expires_at") is { } day ? day + "T00:00:00Z" : null,
        });

    private static Task<IResult> SetCheckInAsync(FormFields form, ConsoleApi api) =>
        SaveAsync(api, HttpMethods.Put, "/admin/checkin/config", new Dictionary<string, object?>
        {
            ["enabled"] = form.Ticked("enabled"),
            ["amount"] = form.Number("amount"),
            ["streak_bonus"] = form.Number("streak_bonus"),
            ["max_streak_days"] = form.Number("max_streak_days"),
        });

    private static async Task<IResult> SaveAsync(ConsoleApi api, string method, string target, Dictionary<string, object?> fields)
    {
        var answer = await api.SendAsync<Nothing>(method, target, fields);
        return answer.IsOk ? SeeOther.Done(Path, "saved") : await ShowAsync(api, answer.Problem);
    }

    private static string Method(FormFields form) => form.Text("id") is null ? HttpMethods.Post : HttpMethods.Put;

    private static string Target(string list, FormFields form) =>
        form.Text("id") is { } id ? $"{list}/{Uri.EscapeDataString(id)}" : list;
}
