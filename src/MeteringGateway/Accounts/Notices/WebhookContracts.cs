using System.Text.Json.Serialization;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Accounts.Notices;

internal sealed record WebhookRow
{
    public long AccountId { get; init; }
    public required string Url { get; init; }
    public required byte[] Nonce { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>An account's webhook; <c>secret</c> is there only in the answer that made it.</summary>
internal sealed record WebhookView(
    long AccountId,
    string Url,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret = null)
{
    public static WebhookView Of(WebhookRow row, string? secret) => new(row.AccountId, row.Url, row.CreatedAt, row.UpdatedAt, secret);
}

/// <summary>What PUT asks for.</summary>
/// <param name="Url">Where events go.</param>
/// <param name="RotateSecret">Whether the secret is made anew.</param>
/// <param name="UpdatedAt">
/// Of the webhook that is to be changed: the same request sent again finds another moment and changes nothing. Null: whichever there is.
/// </param>
internal sealed record WebhookRequest(string Url, bool RotateSecret, DateTimeOffset? UpdatedAt)
{
    public static async Task<WebhookRequest?> ReadAsync(RequestFields fields, WebhookTarget target, CancellationToken cancellationToken)
    {
        var url = fields.Text("url", WebhookTarget.MaxUrl, required: true);
        var rotate = fields.Flag("rotate_secret") ?? false;
        var updatedAt = fields.Instant("updated_at");
        fields.RefuseOthers();
        if (url is not null && await target.RefusalAsync(url, cancellationToken) is { } refusal)
        {
            fields.Refuse("url", refusal);
        }

        return fields.Errors.Count == 0 ? new WebhookRequest(url!, rotate, updatedAt) : null;
    }
}
