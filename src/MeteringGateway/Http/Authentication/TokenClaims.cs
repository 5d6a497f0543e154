using System.Text.Json;

namespace MeteringGateway.Http.Authentication;

/// <summary>What an identity provider says of an active token, reduced to what finds an account.</summary>
/// <param name="Issuer">Null where the provider does not name itself.</param>
/// <param name="Subject">Stable for a person, whatever happens to the email; null where the provider gives none.</param>
/// <param name="Email">One that the provider says is verified; null: none.</param>
/// <param name="ExpiresAt">Null: not said.</param>
internal sealed record TokenClaims(string? Issuer, string? Subject, string? Email, DateTimeOffset? ExpiresAt)
{
    private const int MaxText = 320;

    /// <summary>
    /// False: the answer is not one of RFC 7662. Claims are null for a token that is not active, not yet valid, expired or not for us.
    /// </summary>
    public static bool TryRead(JsonElement answer, string? audience, bool trustsEmails, DateTimeOffset now, out TokenClaims? claims)
    {
        claims = null;
        if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("active", out var active)
            || active.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            return false;
        }

        if (active.ValueKind == JsonValueKind.False)
        {
            return true;
        }

        if (!TryMoment(answer, "exp", out var expiresAt) || !TryMoment(answer, "nbf", out var notBefore))
        {
            return false;
        }

        if (expiresAt <= now || notBefore > now || (audience is not null && !IsFor(answer, audience)))
        {
            return true;
        }

        claims = new TokenClaims(Text(answer, "iss"), Text(answer, "sub"), EmailOf(answer, trustsEmails), expiresAt);
        return true;
    }

    // Only the boolean true is a word that the email is the person's: "false" as a text, 1 or null are not. A user name or a subject that
    // looks like an email is chosen by its user.
    private static string? EmailOf(JsonElement answer, bool trustsEmails)
    {
        var isVerified = answer.TryGetProperty("email_verified", out var verified)
            ? verified.ValueKind == JsonValueKind.True
            : trustsEmails;
        return isVerified ? Text(answer, "email") : null;
    }

    private static bool IsFor(JsonElement answer, string audience)
    {
        if (!answer.TryGetProperty("aud", out var given))
        {
            return false;
        }

        return given.ValueKind switch
        {
            JsonValueKind.String => given.ValueEquals(audience),
            JsonValueKind.Array => given.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(audience)),
            _ => false,
        };
    }

    private static string? Text(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 and <= MaxText } text
            && !text.Any(char.IsControl) ? text : null;

    private static bool TryMoment(JsonElement answer, string name, out DateTimeOffset? moment)
    {
        moment = null;
        if (!answer.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        // 9999-12-31: as far as a DateTimeOffset goes. Fractions are allowed by RFC 7519 and cut.
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var seconds) || seconds is not (>= 0 and <= 253_402_300_799))
        {
            return false;
        }

        moment = DateTimeOffset.FromUnixTimeSeconds((long)seconds);
        return true;
    }
}
