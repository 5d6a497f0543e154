using System.Globalization;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Http.Edge;
using MeteringGateway.Sales.Payments;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Inside;

namespace MeteringGateway.WebConsole.Account.Credits;

/// <summary>Buying credits, and what may be charged without asking.</summary>
internal static class CreditPages
{
    public const string Path = "/console/credits";

    private static readonly ApiProblem s_otherPrice = new(
        StatusCodes.Status409Conflict, "conflict", "Nothing was charged.",
        "The package has changed since the page was shown. Here is what it costs now.");

    public static void MapCreditPages(this RouteGroupBuilder visitors)
    {
        visitors.MapGet("/credits", (HttpContext context, ConsoleApi api) => ShowAsync(context, api, null));
        visitors.MapPost("/credits/buy", BuyAsync);
        visitors.MapPost("/credits/charge", ChargeAsync);
        visitors.MapPost("/credits/top-up", TopUpAsync);
        visitors.MapPost("/credits/methods", AddMethodAsync);
        visitors.MapPost("/credits/methods/default", MakeDefaultAsync);
        visitors.MapPost("/credits/methods/remove", RemoveMethodAsync);
        visitors.MapPost("/credits/auto-recharge", SetAutoRechargeAsync);
        visitors.MapPost("/credits/coupon", RedeemAsync);
        visitors.MapPost("/credits/check-in", CheckInAsync);
    }

    internal static async Task<IResult> ShowAsync(HttpContext context, ConsoleApi api, ApiProblem? problem)
    {
        var services = context.RequestServices;
        var wallet = await api.GetAsync<WalletInfo>("/api/me/wallet");
        var model = new CreditsModel(wallet.Value)
        {
            Packages = (await api.GetAsync<PackageList>("/api/catalog")).Value?.Packages,
            Methods = (await api.GetAsync<MethodList>("/api/me/payment-methods")).Value?.PaymentMethods,
            AutoRecharge = (await api.GetAsync<AutoRecharge>("/v1/auto-recharge")).Value,
            Orders = (await api.GetAsync<Answer<IReadOnlyList<OrderInfo>>>("/orders?limit=10")).Value?.Data,
            OpenDebt = (await api.GetAsync<DebtList>("/api/me/debts?limit=1")).Value?.Totals.OpenCredits ?? 0,
            Channels = Channels(services.GetRequiredService<PaymentChannels>()),
            CreditUsd = services.GetRequiredService<CreditPrice>().UsdFor(1),
            Problem = problem ?? wallet.Problem,
        };
        return new ConsolePage<CreditsView, CreditsModel>("Credits", model)
        {
            Status = model.Problem?.Status ?? StatusCodes.Status200OK,
        };
    }

    /// <summary>The real ones; the sandbox only where there is none, and never beside one.</summary>
    internal static IReadOnlyList<string> Channels(PaymentChannels channels) =>
        channels.Real.ToList() is { Count: > 0 } real ? real
        : channels.Find(PaymentChannels.Sandbox) is not null ? [PaymentChannels.Sandbox]
        : [];

    private static Task<IResult> BuyAsync(FormFields form, HttpContext context, ConsoleApi api) =>
        OpenSessionAsync(form, context, api, "package", fields => fields["package_id"] = form.Number("package_id"));

    private static Task<IResult> TopUpAsync(FormFields form, HttpContext context, ConsoleApi api) =>
        OpenSessionAsync(form, context, api, "topup", fields => fields["amount_usd_cents"] = Cents(form.Decimal("amount_usd")));

    private static Task<IResult> AddMethodAsync(FormFields form, HttpContext context, ConsoleApi api) =>
        OpenSessionAsync(form, context, api, "setup", _ => { });

    /// <summary>With the saved method, without a page; where that wants the customer, the page that the API names.</summary>
    private static async Task<IResult> ChargeAsync(FormFields form, HttpContext context, ConsoleApi api)
    {
        // What the button said is what is charged: a page may be older than the catalog.
        var catalog = await api.GetAsync<PackageList>("/api/catalog");
        if (catalog.Value?.Packages.FirstOrDefault(package => form.Number("package_id") is long id && package.Id == id) is { } sold
            && (form.Text("price_cents") != sold.PriceCents.ToString(CultureInfo.InvariantCulture) || form.Text("currency") != sold.Currency
                || form.Text("credits") != sold.Credits.ToString(CultureInfo.InvariantCulture)))
        {
            return await ShowAsync(context, api, s_otherPrice);
        }

        var answer = await api.SendAsync<Receipt>(
            HttpMethods.Post, "/api/me/purchases", new { package_id = form.Number("package_id") }, form.Once);
        return answer.IsOk ? SeeOther.Done(Path, answer.Value.BalanceAfter is null ? "pending" : "bought")
            : answer.Problem.RedirectUrl is { } page ? PaymentRedirect.To(context, page)
            : await ShowAsync(context, api, answer.Problem);
    }

    internal static async Task<IResult> OpenSessionAsync(
        FormFields form, HttpContext context, ConsoleApi api, string type, Action<Dictionary<string, object?>> add, string path = Path)
    {
        var address = context.RequestServices.GetRequiredService<PublicUrl>().Value;
        var channels = context.RequestServices.GetRequiredService<PaymentChannels>();
        var fields = new Dictionary<string, object?>
        {
            ["type"] = type,
            ["channel"] = form.Text("channel") ?? channels.Default,
            ["success_url"] = $"{address}{path}?done=paid-page",
            ["cancel_url"] = $"{address}{path}?done=left-page",
        };
        add(fields);
        var answer = await api.SendAsync<Answer<PaymentSession>>(HttpMethods.Post, "/payment/create-session", fields, form.Once);
        return answer.IsOk ? PaymentRedirect.To(context, answer.Value.Data.RedirectUrl)
            : path == Path ? await ShowAsync(context, api, answer.Problem)
            : await Subscription.SubscriptionPages.ShowAsync(context, api, answer.Problem);
    }

    private static async Task<IResult> MakeDefaultAsync(FormFields form, HttpContext context, ConsoleApi api)
    {
        var answer = await api.SendAsync<MethodInfo>(HttpMethods.Patch, Method(form), new { is_default = true });
        return answer.IsOk ? SeeOther.Done(Path, "method-default") : await ShowAsync(context, api, answer.Problem);
    }

    private static async Task<IResult> RemoveMethodAsync(FormFields form, HttpContext context, ConsoleApi api)
    {
        var answer = await api.SendAsync<Nothing>(HttpMethods.Delete, Method(form));
        return answer.IsOk ? SeeOther.Done(Path, "method-removed") : await ShowAsync(context, api, answer.Problem);
    }

    private static async Task<IResult> SetAutoRechargeAsync(FormFields form, HttpContext context, ConsoleApi api)
    {
        var answer = await api.SendAsync<AutoRecharge>(HttpMethods.Put, "/v1/auto-recharge", new Dictionary<string, object?>
        {
            ["auto_recharge_enabled"] = form.Ticked("enabled"),
            ["auto_recharge_threshold"] = form.Number("threshold"),
            ["auto_recharge_amount_usd"] = form.Decimal("amount_usd"),
            ["auto_recharge_monthly_cap_usd"] = form.Decimal("monthly_cap_usd"),
        });
        return answer.IsOk ? SeeOther.Done(Path, "recharge-saved") : await ShowAsync(context, api, answer.Problem);
    }

    private static async Task<IResult> RedeemAsync(FormFields form, HttpContext context, ConsoleApi api)
    {
        var answer = await api.SendAsync<Nothing>(HttpMethods.Post, "/coupons/redeem", new { code = form.Text("code") });
        return answer.IsOk ? SeeOther.Done(Path, "coupon") : await ShowAsync(context, api, answer.Problem);
    }

    private static async Task<IResult> CheckInAsync(HttpContext context, ConsoleApi api)
    {
        var answer = await api.SendAsync<Nothing>(HttpMethods.Post, "/checkin");
        return answer.IsOk ? SeeOther.Done(Path, "checked-in") : await ShowAsync(context, api, answer.Problem);
    }

    private static string Method(FormFields form) => "/api/me/payment-methods/" + Uri.EscapeDataString(form.Text("id") ?? "-");

    /// <summary>What is no amount of whole cents goes on as it was typed, and the API says what is wrong with it.</summary>
    private static object? Cents(object? dollars)
    {
        if (dollars is decimal amount && decimal.Round(amount, 2) == amount && Math.Abs(amount) < 1_000_000_000)
        {
            return (long)(amount * 100);
        }

        return dollars is decimal odd ? odd.ToString(CultureInfo.InvariantCulture) : dollars;
    }

    private sealed record Receipt(long? BalanceAfter);
}
