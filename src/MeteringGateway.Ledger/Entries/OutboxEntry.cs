using System.Globalization;
using System.Text.Json;

namespace MeteringGateway.Ledger.Entries;

/// <summary>The calendar windows (UTC, by Redis's clock) in which a charge counts.</summary>
/// <param name="Day">Days since 1970-01-01.</param>
/// <param name="Week">Weeks from Monday since 1969-12-29.</param>
/// <param name="Month">Months since year 0: year × 12 + month − 1.</param>
internal readonly record struct SpendWindows(long Day, long Week, long Month);

/// <summary>
/// Transactional outbox entry of one movement of credits: written by the same script as the balance change; delivered at least once
/// to the ledger, and applied exactly once there, by entry id. Packed as
/// <c>occurred ms|epoch|account|key|delta|balance|day|week|month|{json}</c>.
/// The format's version, <c>v1|</c>, may precede it and changes nothing. The scripts leave it out in this release, since an older gateway,
/// which may run beside this one, sets aside an entry that has it; they write it from the next release on.
/// The JSON tail (<see cref="EntryTail"/>) is for the ledger alone; the scripts write the other fields. Immutable.
/// </summary>
internal sealed record OutboxEntry
{
    private const string Format = "v1|";

    public required string EntryId { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required long Epoch { get; init; }
    public required long AccountId { get; init; }

    /// <summary>The charged key; null for credits and adjustments.</summary>
    public required long? KeyId { get; init; }
    public required long CreditsDelta { get; init; }

    /// <summary>The balance that Redis saw after the movement. The ledger computes its own; a difference is drift.</summary>
    public required long SeenBalance { get; init; }

    /// <summary>The windows of the reservation; null without a charged key.</summary>
    public required SpendWindows? Windows { get; init; }
    public required string EntryType { get; init; }
    public string? Surface { get; init; }
    public string? Provider { get; init; }
    public string? Description { get; init; }

    /// <summary>A JSON object, or null.</summary>
    public string? Metadata { get; init; }

    /// <summary>The call's attempts as the answer's header has them; null of other movements, and from a gateway of before.</summary>
    public string? Attempts { get; init; }

    /// <summary>The credits of the call's hold; null as <see cref="Attempts"/> is.</summary>
    public long? Held { get; init; }

    /// <summary>SHA-256 of the client's Idempotency-Key in its account, in hex; null without one.</summary>
    public string? Idempotency { get; init; }

    /// <summary>Of what must be equal in a repeat with that key; null without one.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The call's span as <c>traceparent</c> has it; null: nobody recorded it, or a gateway of before wrote the entry.</summary>
    public string? Trace { get; init; }

    /// <summary>
    /// Does the entry carry a format version that this gateway does not know? Then a newer gateway wrote it and can read it;
    /// this one neither drops it nor sets it aside.
    /// </summary>
    public static bool IsOfAnotherFormat(string packed)
    {
        var end = packed.IndexOf('|', StringComparison.Ordinal);
        return end > 1 && packed[0] == 'v' && !packed.AsSpan(1, end - 1).ContainsAnyExceptInRange('0', '9')
            && !packed.StartsWith(Format, StringComparison.Ordinal);
    }

    /// <summary>Parses a packed entry. False: it can't be parsed, and <paramref name="reason"/> says why.</summary>
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
                Attempts = tail.Attempts,
                Held = tail.Held,
                Idempotency = IsHash(tail.Idempotency) ? tail.Idempotency : null,
                Fingerprint = tail.Fingerprint,
                Trace = tail.Trace,
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

    /// <summary>A charge is not set aside for a damaged hash: the credits count more than what a later repeat would find.</summary>
    private static bool IsHash(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigit);

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
