using System.Buffers.Binary;
using System.Text;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Reading;

namespace MeteringGateway.Engine.Loading.Batches;

/// <summary>
/// Packs what the ledger says of an account or a key as state.lua does, with nothing held: load-3.lua adds what is. Pure.
/// </summary>
internal static class PackedState
{
    public static byte[] Of(AccountFacts account, long epoch) => Pack("", [
        epoch, account.Balance, 0, IsActive(account.Status), account.Version,
        account.MonthlyBudget ?? -1, account.Month, account.MonthSpent, 0,
    ]);

    public static byte[] Of(KeyFacts key, long epoch) => Pack(KeyConfiguration.Surfaces(key), [
        epoch, IsActive(key.Status), key.SecretVersion, KeyConfiguration.Milliseconds(key.PreviousSecretUntil),
        KeyConfiguration.Milliseconds(key.ExpiresAt), key.RateLimitPerMinute ?? 0, 0, 0, key.Version,
        key.LimitFixed ?? -1, 0, key.Spent, 0,
        key.LimitDaily ?? -1, key.Day, key.DaySpent, 0,
        key.LimitWeekly ?? -1, key.Week, key.WeekSpent, 0,
        key.LimitMonthly ?? -1, key.Month, key.MonthSpent, 0,
    ]);

    private static long IsActive(string status) => status == "active" ? 1 : 0;

    private static byte[] Pack(string text, ReadOnlySpan<long> numbers)
    {
        var behind = 1 + (numbers.Length * sizeof(double));
        var packed = new byte[behind + Encoding.UTF8.GetByteCount(text)];
        packed[0] = PackedAccount.Format;
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(packed.AsSpan(1 + (i * sizeof(double))), numbers[i]);
        }

        Encoding.UTF8.GetBytes(text, packed.AsSpan(behind));
        return packed;
    }
}
