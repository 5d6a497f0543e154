using MeteringGateway.WebConsole.Frame.Forms;

namespace MeteringGateway.WebConsole.Account.Keys;

/// <summary>The form of a key: what was typed, and the call of the API that it becomes.</summary>
public sealed record KeyForm(string? Name, string Mode, IReadOnlyDictionary<string, string?> Limits)
{
    internal static readonly (string Window, string? Period, string Text)[] Windows =
    [
        ("DAILY", "DAILY", "Each day"), ("WEEKLY", "WEEKLY", "Each week, from Monday"), ("MONTHLY", "MONTHLY", "Each month"),
        ("FIXED", null, "In all, for ever"),
    ];

    internal static KeyForm Of(FormFields form) => new(
        form.Text("name"), form.Text("mode") ?? "live", Windows.ToDictionary(one => one.Window, one => form.Text("limit_" + one.Window)));

    /// <summary>The fields of <c>POST /api/me/keys</c>.</summary>
    internal static Dictionary<string, object?> NewKey(FormFields form)
    {
        var fields = Shared(form);
        fields["mode"] = form.Text("mode");
        return fields;
    }

    /// <summary>The fields of <c>PATCH /api/me/keys/{id}</c>: an empty field takes away what was there.</summary>
    internal static Dictionary<string, object?> Change(FormFields form)
    {
        var fields = Shared(form);
        fields["rate_limit_per_minute"] = form.Number("rate_limit_per_minute");

        // What was left as it was shown stays as it is: a day stands there for a moment, and a surface that is not configured now may be
        // one of those that are allowed.
        if (form.Text("expires_at") != form.Text("expires_at_before"))
        {
            fields["expires_at"] = form.Text("expires_at") is { } day ? day + "T00:00:00Z" : null;
        }

        if (form.All("surfaces").Order(StringComparer.Ordinal).SequenceEqual(form.All("surfaces_before").Order(StringComparer.Ordinal)))
        {
            fields.Remove("surfaces");
        }

        return fields;
    }

    private static Dictionary<string, object?> Shared(FormFields form) => new()
    {
        ["name"] = form.Text("name"),
        ["limits"] = Windows
            .Where(one => form.Text("limit_" + one.Window) is not null)
            .Select(one => Limit(one.Period, form.Number("limit_" + one.Window)))
            .ToList(),
        ["surfaces"] = form.All("surfaces") is { Count: > 0 } surfaces ? surfaces : null,
    };

    private static Dictionary<string, object?> Limit(string? period, object? limit) => period is null
        ? new() { ["type"] = "FIXED", ["limit"] = limit }
        : new() { ["type"] = "RECURRING", ["period"] = period, ["limit"] = limit };
}
