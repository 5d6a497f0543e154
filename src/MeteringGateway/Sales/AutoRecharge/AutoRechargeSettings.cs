namespace MeteringGateway.Sales.AutoRecharge;

/// <summary>When and for how much an account buys by itself; an account without a row has it off.</summary>
internal sealed record AutoRechargeSettings
{
    /// <summary>Two recharges a fortnight, in amounts: enough for who uses what is bought, and an end where something goes wrong.</summary>
    public const int DefaultCap = 4;

    public bool Enabled { get; init; }

    /// <summary>A balance below this, in credits, buys.</summary>
    public long Threshold { get; init; } = 20;
    public long AmountCents { get; init; } = 2500;

    /// <summary>What the customer has set; see <see cref="CapCents"/>.</summary>
    public long? MonthlyCapCents { get; init; }

    /// <summary>Turned off by refusals in a row, until the customer turns it on.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>After a refused payment nothing is bought until then, and <see cref="LastRefusal"/> says why.</summary>
    public DateTimeOffset? PausedUntil { get; init; }
    public string? LastRefusal { get; init; }

    /// <summary>The most that recharges may cost in a month of UTC.</summary>
    public long CapCents => MonthlyCapCents ?? AmountCents * DefaultCap;
}
