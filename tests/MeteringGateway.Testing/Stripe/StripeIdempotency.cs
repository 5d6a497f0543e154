using System.Text.Json.Nodes;

namespace MeteringGateway.Testing.Stripe;

/// <summary>An answer as it goes out.</summary>
internal sealed record StripeAnswer(int Status, string Body);

/// <summary>
/// The first answer under each key, for a day: whatever it was, once the call was executed. Its callers hold the double's lock.
/// </summary>
internal sealed class StripeIdempotency(TimeProvider clock)
{
    private static readonly TimeSpan s_kept = TimeSpan.FromHours(24);
    private const int MaxLength = 255;

    private readonly Dictionary<string, Entry> _entries = [];

    /// <summary>The first answer; null: this call is the first, and has to say how it ended.</summary>
    public StripeAnswer? Begin(string key, string path, JsonObject form)
    {
        if (key.Length > MaxLength)
        {
            throw StripeRefusal.Keyed(400, "An idempotency key has at most 255 characters.");
        }

        var asked = $"{path} {form.ToJsonString()}";
        if (!_entries.TryGetValue(key, out var entry) || entry.At + s_kept < clock.GetUtcNow())
        {
            _entries[key] = new Entry(asked, clock.GetUtcNow());
            return null;
        }

        if (entry.Asked != asked)
        {
            throw StripeRefusal.Keyed(
                400, "Keys for idempotent requests can only be used with the same parameters they were first used with.");
        }

        return entry.Answer ?? throw StripeRefusal.Keyed(
            409, "There is currently another in-progress request using this key.", "idempotency_key_in_use");
    }

    /// <param name="answer">Null: it was not executed, and the key is free again.</param>
    public void End(string key, StripeAnswer? answer)
    {
        if (answer is null)
        {
            _entries.Remove(key);
        }
        else
        {
            _entries[key] = _entries[key] with { Answer = answer };
        }
    }

    private sealed record Entry(string Asked, DateTimeOffset At, StripeAnswer? Answer = null);
}
