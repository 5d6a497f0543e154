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
internal sealed record WebhookRequest(string Url, bool RotateSecret)
{
    public static async Task<WebhookRequest?> ReadAsync(RequestFields fields, WebhookTarget target, CancellationToken cancellationToken)
    {
        var url = fields.Text("url", WebhookTarget.MaxUrl, required: true);
        var rotate = fields.Flag("rotate_secret") ?? false;
        fields.RefuseOthers();
        if (url is not null && await target.RefusalAsync(url, cancellationToken) is { } refusal)
        {
            fields.Refuse("url", refusal);
        }

        return fields.Errors.Count == 0 ? new WebhookRequest(url!, rotate) : null;
    }
}
