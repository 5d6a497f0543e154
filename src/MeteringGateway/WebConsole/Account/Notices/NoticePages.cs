using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;

namespace MeteringGateway.WebConsole.Account.Notices;

/// <summary>What the account was told of, as <c>GET /api/me/events</c> tells it.</summary>
public sealed record EventInfo(
    long Id, string Type, long AccountId, long? KeyId, string? Period, int Percent, long Limit, long? Spent, long? Balance,
    string? Reason, DateTimeOffset OccurredAt, DeliveryInfo? Delivery)
{
    /// <summary>In words.</summary>
    public string Title => Type switch
    {
        "key_limit" => $"Key {KeyId} has spent {Percent} % of its {(Period ?? "FIXED").ToLowerInvariant()} limit of {Text.Number(Limit)}",
        "account_budget" => $"{Percent} % of the month's budget of {Text.Number(Limit)} are spent",
        "low_balance" => $"The balance fell below {Text.Number(Limit)}",
        _ => Reason is null ? Text.Word(Type) : $"{Text.Word(Type)}: {Reason}",
    };
}

public sealed record DeliveryInfo(string Status, int Attempts, string? LastError, DateTimeOffset? NextAttemptAt);

public sealed record EventList(IReadOnlyList<EventInfo> Events, long Total, int Limit, int Offset);

public sealed record NoticeSettingsInfo(long? LowBalanceMark);

/// <summary>Where events are sent; the secret only in the answer that made it.</summary>
public sealed record WebhookInfo(long AccountId, string Url, DateTimeOffset UpdatedAt)
{
    public string? Secret { get; init; }
}

/// <param name="Events">Null: they can't be read now.</param>
/// <param name="Pager">Where in the list.</param>
/// <param name="Settings">When the account is warned.</param>
/// <param name="Webhook">Null: none is set.</param>
/// <param name="Problem">What was wrong with a form, or why something can't be shown.</param>
public sealed record NoticesModel(
    IReadOnlyList<EventInfo>? Events, PagerModel Pager, NoticeSettingsInfo? Settings, WebhookInfo? Webhook, ApiProblem? Problem);

/// <summary>Notices with what became of their deliveries, the balance that warns, and the webhook.</summary>
internal static class NoticePages
{
    private const string Path = "/console/notices";
    private const int Rows = 25;

    public static void MapNoticePages(this RouteGroupBuilder visitors)
    {
        visitors.MapGet("/notices", (HttpContext context, ConsoleApi api) => ShowAsync(context, api, null));
        visitors.MapPost("/notices", ChangeAsync);
        visitors.MapPost("/notices/webhook", SetWebhookAsync);
        visitors.MapPost("/notices/webhook/remove", RemoveWebhookAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, ConsoleApi api, ApiProblem? problem)
    {
        var offset = PagerModel.OffsetOf(context.Request);
        var events = await api.GetAsync<EventList>($"/api/me/events?limit={Rows}&offset={offset}");
        var settings = await api.GetAsync<NoticeSettingsInfo>("/api/me/notices");
        var webhook = await api.GetAsync<WebhookInfo>("/api/me/webhook");
        var pager = new PagerModel(Path, Rows, offset, events.Value?.Events.Count ?? 0, events.Value?.Total);
        var model = new NoticesModel(events.Value?.Events, pager, settings.Value, webhook.Value, problem ?? events.Problem);
        return new ConsolePage<NoticesView, NoticesModel>("Notices", model)
        {
            Status = model.Problem?.Status ?? StatusCodes.Status200OK,
        };
    }

    private static async Task<IResult> ChangeAsync(FormFields form, HttpContext context, ConsoleApi api)
    {
        var answer = await api.SendAsync<NoticeSettingsInfo>(
            HttpMethods.Patch, "/api/me/notices", new { low_balance_mark = form.Number("low_balance_mark") });
        return answer.IsOk ? SeeOther.Done(Path, "notices-saved") : await ShowAsync(context, api, answer.Problem);
    }

    private static async Task<IResult> SetWebhookAsync(FormFields form, HttpContext context, ConsoleApi api)
    {
        // A new secret only in the place of the one that the form was shown with; an address that is set twice is the same.
        var isRotated = form.Ticked("rotate_secret");
        var answer = await api.SendAsync<WebhookInfo>(
            HttpMethods.Put, "/api/me/webhook",
            new { url = form.Text("url"), rotate_secret = isRotated, updated_at = isRotated ? form.Text("updated_at") : null });
        return !answer.IsOk ? await ShowAsync(context, api, answer.Problem)
            : answer.Value.Secret is null ? SeeOther.Done(Path, "webhook-saved")
            : new ConsolePage<WebhookMadeView, WebhookInfo>("Your webhook's secret", answer.Value);
    }

    private static async Task<IResult> RemoveWebhookAsync(HttpContext context, ConsoleApi api)
    {
        var answer = await api.SendAsync<Nothing>(HttpMethods.Delete, "/api/me/webhook");
        return answer.IsOk ? SeeOther.Done(Path, "webhook-removed") : await ShowAsync(context, api, answer.Problem);
    }
}
