namespace MeteringGateway.AutoRecharge;

/// <summary>When and for how much an account buys by itself; an account without a row has it off.</summary>
internal sealed record AutoRechargeSettings
{
    public bool Enabled { get; init; }

    /// <summary>A balance below this, in credits, buys.</summary>
    public long Threshold { get; init; } = 20;
    public long AmountCents { get; init; } = 2500;

    /// <summary>After a refused payment nothing is bought until then, and <see cref="LastRefusal"/> says why.</summary>
    public DateTimeOffset? PausedUntil { get; init; }
    public string? LastRefusal { get; init; }
}
