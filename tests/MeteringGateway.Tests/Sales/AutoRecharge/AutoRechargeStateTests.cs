using MeteringGateway.Sales.AutoRecharge;
using MeteringGateway.Sales.Orders;

namespace MeteringGateway.Tests.Sales.AutoRecharge;

public sealed class AutoRechargeStateTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly AutoRechargeSettings s_on = new() { Enabled = true, AmountCents = 2500, MonthlyCapCents = 5000 };
    private static readonly AutoRechargeState s_armed = new(s_on, 0, null, null, CanPay: true);

    [Fact]
    public void Name_OfWhatIsOff_SaysWhoTurnedItOff()
    {
        Assert.Equal("armed", s_armed.Name(s_now));
        Assert.Equal("off", (s_armed with { Settings = s_on with { Enabled = false } }).Name(s_now));
        Assert.Equal("stopped", (s_armed with { Settings = s_on with { Enabled = false, StoppedAt = s_now } }).Name(s_now));
        Assert.Equal("armed", (s_armed with { Settings = s_on with { StoppedAt = s_now } }).Name(s_now));
        Assert.Equal("payments_disabled", (s_armed with { CanPay = false }).Name(s_now));
    }

    [Theory]
    [InlineData("pending", "buying")]
    [InlineData("paid", "buying")]
    [InlineData("fulfilled", "armed")]
    [InlineData("declined", "armed")]
    [InlineData("canceled", "armed")]
    public void Name_ByItsLastOrder_IsBuyingWhileThatIsOpen(string status, string name) =>
        Assert.Equal(name, (s_armed with { LastAttempt = Order(status) }).Name(s_now));

    /// <summary>One recharge costs 2500 of a cap of 5000.</summary>
    [Theory]
    [InlineData(2500, "armed")]
    [InlineData(2501, "cap_reached")]
    public void Name_AtTheCap_SaysSoOnceNoneFits(long spent, string name) =>
        Assert.Equal(name, (s_armed with { SpentCents = spent }).Name(s_now));

    /// <summary>Minutes from now on: an hour after it fired, or until the pause ends, whichever is later.</summary>
    [Theory]
    [InlineData(null, null, null)]
    [InlineData(-59, null, 1)]
    [InlineData(-60, null, null)]
    [InlineData(null, 5, 5)]
    [InlineData(null, 0, null)]
    [InlineData(null, -1, null)]
    [InlineData(-30, 45, 45)]
    [InlineData(-30, 15, 30)]
    [InlineData(-90, 15, 15)]
    public void NextAttemptAt_AfterATryOrARefusal_IsTheLaterOfTheTwo(int? fired, int? paused, int? next)
    {
        var state = s_armed with { FiredAt = At(fired), Settings = s_on with { PausedUntil = At(paused) } };

        Assert.Equal(At(next), state.NextAttemptAt(s_now));
        Assert.Equal(next is null ? "armed" : "waiting", state.Name(s_now));
        Assert.Null((state with { Settings = state.Settings with { Enabled = false } }).NextAttemptAt(s_now));
    }

    /// <summary>What a person has to change is said before what time will change.</summary>
    [Fact]
    public void Name_ForSeveralReasons_IsTheFirst()
    {
        var all = new AutoRechargeState(
            s_on with { Enabled = false, StoppedAt = s_now, PausedUntil = s_now.AddHours(1) }, 9999, Order("pending"), s_now,
                CanPay: false);

        Assert.Equal("stopped", all.Name(s_now));
        all = all with { Settings = all.Settings with { Enabled = true } };
        Assert.Equal("payments_disabled", all.Name(s_now));
        all = all with { CanPay = true };
        Assert.Equal("buying", all.Name(s_now));
        all = all with { LastAttempt = null };
        Assert.Equal("cap_reached", all.Name(s_now));
        Assert.Equal("waiting", (all with { SpentCents = 0 }).Name(s_now));
    }

    private static DateTimeOffset? At(int? minutes) => minutes is { } some ? s_now.AddMinutes(some) : null;

    private static OrderRow Order(string status) =>
        new() { Kind = OrderKind.AutoRecharge, Status = status, Currency = "USD", Description = "Auto-recharge", Channel = "stripe" };
}
