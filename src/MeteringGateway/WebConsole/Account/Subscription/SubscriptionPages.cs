using MeteringGateway.Http.Edge;
using MeteringGateway.Sales.Catalog;
using MeteringGateway.Sales.Payments;
using MeteringGateway.WebConsole.Account.Credits;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Inside;

namespace MeteringGateway.WebConsole.Account.Subscription;

/// <summary>A plan. The document of <c>GET /subscription/plans</c> has no currency, so the catalog itself is asked.</summary>
public sealed record PlanInfo(
    string Id, string Name, string Description, long PriceMonthly, long? PriceYearly, string Currency, long CreditsIncluded,
    IReadOnlyList<string> Features)
{
    internal static PlanInfo Of(PlanRow row) => new(
        row.Id, row.Name, row.Description, row.PriceMonthly, row.PriceYearly, row.Currency, row.CreditsIncluded, row.Features);
}

/// <summary>What the account has, as <c>GET /subscription</c> tells it.</summary>
public sealed record SubscriptionInfo(
    string Id, string PlanId, string Billing, string Status, string Channel, DateTimeOffset? CurrentPeriodEnd, bool CancelAtPeriodEnd,
    DateTimeOffset? PaidUntil, string? NextPlanId, string? NextBilling, DateTimeOffset? RetryAt);

/// <param name="Current">Null: none.</param>
/// <param name="Plans">Those on sale.</param>
/// <param name="Channels">Where money can be paid; none: payments are off.</param>
/// <param name="Problem">What was wrong with a form, or why something can't be shown.</param>
public sealed record SubscriptionModel(
    SubscriptionInfo? Current, IReadOnlyList<PlanInfo> Plans, IReadOnlyList<string> Channels, ApiProblem? Problem);

/// <summary>A plan: taken, changed, cancelled.</summary>
internal static class SubscriptionPages
{
    private const string Path = "/console/subscription";

    public static void MapSubscriptionPages(this RouteGroupBuilder visitors)
    {
        visitors.MapGet("/subscription", (HttpContext context, ConsoleApi api) => ShowAsync(context, api, null));
        visitors.MapPost("/subscription", SubscribeAsync);
        visitors.MapPost("/subscription/cancel", CancelAsync);
        visitors.MapPost("/subscription/portal", OpenPortalAsync);
    }

    internal static async Task<IResult> ShowAsync(HttpContext context, ConsoleApi api, ApiProblem? problem)
    {
        var current = await api.GetAsync<Answer<SubscriptionInfo?>>("/subscription");
        var plans = await context.RequestServices.GetRequiredService<CatalogStore>()
            .PlansAsync(includeInactive: false, context.RequestAborted);
        var channels = CreditPages.Channels(context.RequestServices.GetRequiredService<PaymentChannels>());
        var model = new SubscriptionModel(
            current.Value?.Data, [.. plans.Select(PlanInfo.Of)], channels, problem ?? current.Problem);
        return new ConsolePage<SubscriptionView, SubscriptionModel>("Subscription", model)
        {
            Status = model.Problem?.Status ?? StatusCodes.Status200OK,
        };
    }

    private static Task<IResult> SubscribeAsync(FormFields form, HttpContext context, ConsoleApi api) =>
        CreditPages.OpenSessionAsync(
            form, context, api, "subscription",
            fields =>
            {
                fields["plan_id"] = form.Text("plan_id");
                fields["billing"] = form.Text("billing");
            },
            Path);

    private static async Task<IResult> CancelAsync(HttpContext context, ConsoleApi api)
    {
        var answer = await api.SendAsync<Nothing>(HttpMethods.Post, "/subscription/cancel");
        return answer.IsOk ? SeeOther.Done(Path, "cancelled") : await ShowAsync(context, api, answer.Problem);
    }

    private static async Task<IResult> OpenPortalAsync(HttpContext context, ConsoleApi api, PublicUrl address)
    {
        var answer = await api.SendAsync<Answer<PaymentSession>>(
            HttpMethods.Post, "/subscription/portal", new { return_url = address.Value + Path });
        return answer.IsOk
            ? PaymentRedirect.To(context, answer.Value.Data.RedirectUrl)
            : await ShowAsync(context, api, answer.Problem);
    }
}
