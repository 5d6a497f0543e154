using MeteringGateway.Http.Requests;

namespace MeteringGateway.Sales.Rewards;

/// <summary>
/// What a daily check-in is worth: <c>amount + streak_bonus × (days in a row − 1)</c>, where at most <c>max_streak_days</c> count.
/// </summary>
internal sealed record CheckInConfig(bool Enabled, long Amount, long StreakBonus, int MaxStreakDays)
{
    /// <summary>Far below what a movement may carry, whatever the streak.</summary>
    private const long MaxAmount = 1_000_000;
    private const int MaxDays = 3650;

    /// <summary>The new configuration of the current one: absent fields stay. Null: the errors say why.</summary>
    public static CheckInConfig? Read(RequestFields fields, CheckInConfig current)
    {
        var enabled = fields.Given("enabled") ? fields.Flag("enabled", required: true) : current.Enabled;
        var amount = fields.Given("amount") ? fields.Whole("amount", 1, MaxAmount, required: true) : current.Amount;
        var bonus = fields.Given("streak_bonus") ? fields.Whole("streak_bonus", 0, MaxAmount, required: true) : current.StreakBonus;
        var days = fields.Given("max_streak_days") ? fields.Whole("max_streak_days", 1, MaxDays, required: true) : current.MaxStreakDays;
        fields.RefuseOthers();
        return fields.Errors.Count == 0 ? new CheckInConfig(enabled!.Value, amount!.Value, bonus!.Value, (int)days!.Value) : null;
    }
}
