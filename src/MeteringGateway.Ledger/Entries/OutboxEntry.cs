using System.Globalization;
using System.Text.Json;

namespace MeteringGateway.Ledger.Entries;

/// <summary>The calendar windows (UTC, by the store's clock) in which a charge counts.</summary>
/// <param name="Day">Days since 1970-01-01.</param>
/// <param name="Week">Weeks from Monday since 1969-12-29.</param>
/// <param name="Month">Months since year 0: year × 12 + month − 1.</param>
internal readonly record struct SpendWindows(long Day, long Week, long Month);

/// <summary>
/// One movement of credits, as the scripts append it to a partition's outbox:
/// <c>occurred ms|epoch|account|key|delta|balance|day|week|month|{json}</c>.
/// <c>v1|</c>, the number of the format, may stand before it and changes nothing. The scripts leave it out: a gateway from before there
/// were numbers sets aside an entry that has it, and may run beside this one. From the next release on they write it.
/// The numbers are the script's own; the JSON tail is what only the ledger reads.
/// </summary>
internal sealed record OutboxEntry
{
    private const string Format = "v1|";

    public required string EntryId { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required long Epoch { get; init; }
    public required long AccountId { get; init; }

    /// <summary>The key that was charged; null for money in and adjustments.</summary>
    public required long? KeyId { get; init; }
    public required long CreditsDelta { get; init; }

    /// <summary>The balance that Redis saw after the movement. The ledger computes its own; a difference is drift.</summary>
    public required long SeenBalance { get; init; }

    /// <summary>The windows of the reservation; null where no key was charged.</summary>
    public required SpendWindows? Windows { get; init; }
    public required string EntryType { get; init; }
    public string? Surface { get; init; }
    public string? Provider { get; init; }
    public string? Description { get; init; }

    /// <summary>A JSON object, or null.</summary>
    public string? Metadata { get; init; }

    /// <summary>
    /// Does it say that it is of a format which this gateway does not know? Then a newer one wrote it and can read it:
    /// it is neither dropped nor set aside here.
    /// </summary>
    public static bool IsOfAnotherFormat(string packed)
    {
        var end = packed.IndexOf('|', StringComparison.Ordinal);
        return end > 1 && packed[0] == 'v' && !packed.AsSpan(1, end - 1).ContainsAnyExceptInRange('0', '9')
            && !packed.StartsWith(Format, StringComparison.Ordinal);
    }

    /// <summary>Reads one packed entry; <paramref name="reason"/> says what is wrong with one that can't be read.</summary>
    public static bool TryParse(string packed, out OutboxEntry? entry, out string? reason)
    {
        entry = null;
        var parts = (packed.StartsWith(Format, StringComparison.Ordinal) ? packed[Format.Length..] : packed).Split('|', 10);
        if (parts.Length != 10)
        {
            reason = $"has {parts.Length} of 10 fields";
            return false;
        }

        try
        {
            var tail = JsonSerializer.Deserialize(parts[9], EntryTailJson.Default.EntryTail)
                ?? throw new JsonException("the tail is null");
            entry = new OutboxEntry
            {
                EntryId = tail.Id,
                OccurredAt = DateTimeOffset.FromUnixTimeMilliseconds(Number(parts[0])),
                Epoch = Number(parts[1]),
                AccountId = Number(parts[2]),
                KeyId = parts[3].Length == 0 ? null : Number(parts[3]),
                CreditsDelta = Number(parts[4]),
                SeenBalance = Number(parts[5]),
                Windows = parts[6].Length == 0 ? null : new SpendWindows(Number(parts[6]), Number(parts[7]), Number(parts[8])),
                EntryType = tail.Type,
                Surface = tail.Surface,
                Provider = tail.Provider,
                Description = tail.Description,
                Metadata = tail.Metadata?.GetRawText(),
            };
            reason = null;
            return true;
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException or ArgumentOutOfRangeException)
        {
            reason = e.Message;
            return false;
        }
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
