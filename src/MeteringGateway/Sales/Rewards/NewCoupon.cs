using System.Text.RegularExpressions;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Sales.Rewards;

/// <summary>A coupon that an operator asks for. Codes are compared without regard to case.</summary>
internal sealed partial record NewCoupon(string Code, long Credits, int MaxUses, DateTimeOffset? StartsAt, DateTimeOffset? ExpiresAt)
{
    public const int MaxCode = 64;

    public static NewCoupon? Read(RequestFields fields)
    {
        var code = fields.Text("code", MaxCode, required: true);
        if (code is not null && !CodeSyntax().IsMatch(code))
        {
            fields.Refuse("code", "must be 3 to 64 letters, digits, - or _");
        }

        var credits = fields.Whole("credits", 1, CreditBounds.Call, required: true);
        var maxUses = fields.Whole("max_uses", 1, int.MaxValue, required: true);
        var startsAt = fields.Instant("starts_at");
        var expiresAt = fields.Instant("expires_at");
        if (startsAt >= expiresAt)
        {
            fields.Refuse("expires_at", "must be after starts_at");
        }

        fields.RefuseOthers();
        return fields.Errors.Count == 0 ? new NewCoupon(code!, credits!.Value, (int)maxUses!.Value, startsAt, expiresAt) : null;
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{3,64}$", RegexOptions.CultureInvariant)]
    private static partial Regex CodeSyntax();
}

/// <summary>A coupon as PostgreSQL has it.</summary>
internal sealed record CouponRow
{
    public long Id { get; init; }
    public required string Code { get; init; }
    public long Credits { get; init; }
    public int MaxUses { get; init; }
    public int Uses { get; init; }
    public DateTimeOffset? StartsAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}
