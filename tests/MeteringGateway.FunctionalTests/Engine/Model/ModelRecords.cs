using System.Globalization;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.FunctionalTests.Engine.Model;

/// <summary>Credits set aside for one call, in the windows in which it was reserved.</summary>
internal sealed record ModelHold(string Id, long Account, long Key, long Amount, SpendWindows Windows, long Deadline)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Account}|{Key}|{Amount}|{Windows.Day}|{Windows.Week}|{Windows.Month}|{Deadline}");
}

/// <summary>One movement of credits. Charges and their reversals have windows, money in has none.</summary>
internal sealed record ModelEntry(
    string Id, long Occurred, long Epoch, long Account, long Key, long Delta, long Balance, SpendWindows? Windows, string Type)
{
    /// <summary>The ledger has it.</summary>
    public bool Booked { get; set; }

    public override string ToString()
    {
        var windows = Windows is { } w ? string.Create(CultureInfo.InvariantCulture, $"{w.Day}|{w.Week}|{w.Month}") : "||";
        var key = Key == 0 ? "" : Key.ToString(CultureInfo.InvariantCulture);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Occurred}|{Epoch}|{Account}|{key}|{Delta}|{Balance}|{windows}|{ScriptPartition.Tail(Id, Type)}");
    }
}

/// <summary>What stands in the way of an entry id; one that expires is gone an hour later.</summary>
internal readonly record struct ModelMarker(string Value, bool Expires);

/// <summary>A limit in the window that is in effect. A limit of -1 is none.</summary>
internal readonly record struct ModelScope(long Limit, long Window, long Spent, long Held)
{
    public bool Fits(long amount) => Limit < 0 || Spent + Held + amount <= Limit;

    /// <summary>By how much the limit is passed: only one that was lowered is.</summary>
    public long Over => Limit < 0 ? 0 : Math.Max(0, Spent + Held - Limit);
}
