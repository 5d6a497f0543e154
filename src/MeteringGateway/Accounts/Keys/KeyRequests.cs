using MeteringGateway.Http.Requests;

namespace MeteringGateway.Accounts.Keys;

/// <param name="Overlap">For how long the old secret still works.</param>
/// <param name="Prefix">
/// Of the secret that is to be replaced: the same rotation sent again finds another one and replaces nothing. Null: whichever there is.
/// </param>
internal sealed record KeyRotation(TimeSpan Overlap, string? Prefix);

/// <summary>What creating and changing a key ask for. <c>isSurface</c> says whether a slug is configured now.</summary>
internal static class KeyRequests
{
    private const int MaxName = 200;
    private const int MaxSurfaces = 200;
    private const int MaxPrefix = 32;
    private const int MaxOverlapSeconds = 7 * 24 * 3600;

    /// <summary>A key to be made, still without id, secret and dates; null when something is wrong.</summary>
    public static KeyRow? ReadNew(RequestFields fields, long accountId, Func<string, bool> isSurface, DateTimeOffset now)
    {
        var name = fields.Text("name", MaxName, required: true);
        var mode = fields.OneOf("mode", ["live", "test"]) ?? "live";
        var blank = new KeyRow { AccountId = accountId, Name = name ?? "", Prefix = "", Mode = mode, Status = KeyRow.Active };
        return ReadRest(fields, blank, isSurface, now);
    }

    /// <summary>The key as the request wants it: absent fields stay, null removes. Null when something is wrong.</summary>
    public static KeyRow? ReadChange(RequestFields fields, KeyRow current, Func<string, bool> isSurface, DateTimeOffset now)
    {
        var name = fields.Given("name") ? fields.Text("name", MaxName, required: true) : current.Name;
        foreach (var (fixedField, why)
            in new[] { ("mode", "can't be changed: make another key"), ("status", "can't be changed: DELETE revokes a key") })
        {
            if (fields.Given(fixedField))
            {
                fields.Refuse(fixedField, why);
            }
        }

        return ReadRest(fields, current with { Name = name ?? "" }, isSurface, now);
    }

    public static KeyRotation? ReadRotation(RequestFields fields)
    {
        var seconds = fields.Whole("overlap_seconds", 0, MaxOverlapSeconds) ?? 0;
        var prefix = fields.Text("prefix", MaxPrefix);
        fields.RefuseOthers();
        return fields.Errors.Count == 0 ? new KeyRotation(TimeSpan.FromSeconds(seconds), prefix) : null;
    }

    private static KeyRow? ReadRest(RequestFields fields, KeyRow current, Func<string, bool> isSurface, DateTimeOffset now)
    {
        var changed = current with { Limits = LimitFields.Read(fields, current.Limits) };
        if (fields.Given("surfaces"))
        {
            changed = changed with { Surfaces = ReadSurfaces(fields, isSurface) };
        }

        if (fields.Given("rate_limit_per_minute"))
        {
            changed = changed with { RateLimitPerMinute = (int?)fields.Whole("rate_limit_per_minute", 1, 1_000_000) };
        }

        if (fields.Given("expires_at"))
        {
            var expiresAt = fields.Instant("expires_at");
            if (expiresAt <= now)
            {
                fields.Refuse("expires_at", "must be in the future");
            }

            changed = changed with { ExpiresAt = expiresAt };
        }

        fields.RefuseOthers();
        return fields.Errors.Count == 0 ? changed : null;
    }

    private static string[]? ReadSurfaces(RequestFields fields, Func<string, bool> isSurface)
    {
        if (fields.Items("surfaces", MaxSurfaces) is not { } items)
        {
            return null;
        }

        var slugs = new List<string>(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            var slug = items[i].ValueKind == System.Text.Json.JsonValueKind.String ? items[i].GetString()! : "";
            if (!isSurface(slug))
            {
                fields.Refuse("surfaces", i, "is not a surface of this gateway");
            }
            else if (slugs.Contains(slug))
            {
                fields.Refuse("surfaces", i, "is named twice");
            }

            slugs.Add(slug);
        }

        if (slugs.Count == 0)
        {
            fields.Refuse("surfaces", "must name at least one; null allows all");
        }

        return [.. slugs];
    }
}
