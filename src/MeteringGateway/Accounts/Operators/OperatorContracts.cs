using System.Text.Json.Serialization;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Accounts.Operators;

/// <summary>
/// A named operator as other operators see it. <c>last_used_at</c> is right to the minute; <c>token</c> is there only in the answer that
/// made it.
/// </summary>
internal sealed record OperatorView(
    long Id, string Name, string Access, string Status, string Prefix, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt,
    DateTimeOffset? ExpiresAt)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? PreviousTokenUntil { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }

    public static OperatorView Of(OperatorRow row, DateTimeOffset now) =>
        new(row.Id, row.Name, row.Access, row.StatusAt(now), row.Prefix, row.CreatedAt, row.LastUsedAt, row.ExpiresAt)
        {
            PreviousTokenUntil = row.PreviousTokenUntil > now ? row.PreviousTokenUntil : null,
        };
}

internal sealed record OperatorPage(IReadOnlyList<OperatorView> Operators, long Total, int Limit, int Offset);

/// <summary>An operator to be made.</summary>
internal sealed record NewOperator(string Name, string Access, DateTimeOffset? ExpiresAt)
{
    private const int MaxName = 64;

    /// <summary>Null: something is wrong, and <paramref name="fields"/> says what.</summary>
    public static NewOperator? Read(RequestFields fields, DateTimeOffset now)
    {
        var name = fields.Text("name", MaxName, required: true);
        if (name?.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@') == false)
        {
            // It stands in every line of the audit trail: no two names may look alike there, and none may look like two.
            fields.Refuse("name", "must be ASCII letters, digits, '.', '_', '-' and '@'");
        }

        var access = fields.OneOf("access", [OperatorRow.Full, OperatorRow.ReadOnly], required: true);
        var expiresAt = TokenLife.ReadExpiry(fields, now);
        fields.RefuseOthers();
        return fields.Errors.Count == 0 ? new NewOperator(name!, access!, expiresAt) : null;
    }
}

/// <summary>What a rotation says of both tokens: how long the old one works on, and when the new one ends.</summary>
internal sealed record TokenLife(TimeSpan Overlap, DateTimeOffset? ExpiresAt, bool KeepsExpiry)
{
    private const int MaxPrefix = 32;
    private const int MaxOverlapSeconds = 7 * 24 * 3600;

    /// <summary>
    /// Of the token that is to be replaced: the same rotation sent again finds another one and replaces nothing. Null: whichever there is.
    /// </summary>
    public string? Prefix { get; init; }

    public static TokenLife? Read(RequestFields fields, DateTimeOffset now)
    {
        var seconds = fields.Whole("overlap_seconds", 0, MaxOverlapSeconds) ?? 0;
        var life = new TokenLife(TimeSpan.FromSeconds(seconds), ReadExpiry(fields, now), !fields.Given("expires_at"))
        {
            Prefix = fields.Text("prefix", MaxPrefix),
        };
        fields.RefuseOthers();
        return fields.Errors.Count == 0 ? life : null;
    }

    public static DateTimeOffset? ReadExpiry(RequestFields fields, DateTimeOffset now)
    {
        var expiresAt = fields.Instant("expires_at");
        if (expiresAt <= now)
        {
            fields.Refuse("expires_at", "must be in the future");
        }

        return expiresAt;
    }
}
