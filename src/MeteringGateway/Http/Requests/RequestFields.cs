using System.Globalization;
using System.Text.Json;
using MeteringGateway.Http.Errors;

namespace MeteringGateway.Http.Requests;

/// <summary>
/// The fields of one JSON object, read one by one while everything that is wrong is collected, so that a client learns all of it at once.
/// A reader that finds an error returns null; <see cref="Errors"/> decides. For one request, one caller at a time.
/// </summary>
internal sealed partial class RequestFields(JsonElement body, string pointer = "#", List<FieldError>? errors = null)
{
    private const string NotAField = "is not a field of this call";
    private static readonly FieldError s_unlisted = new("#", NotAField);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public List<FieldError> Errors { get; } = errors ?? [];

    /// <summary>Whether the field is there at all, be it null: a change leaves what is absent and removes what is null.</summary>
    public bool Given(string name) => Find(name, out _);

    /// <summary>Whether the field is there with a value.</summary>
    public bool Set(string name) => Find(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public void Refuse(string name, string detail) => Errors.Add(new FieldError(Pointer(name), detail));

    public void Refuse(string name, int index, string detail) => Errors.Add(new FieldError(Pointer(name, index), detail));

    public string? Text(string name, int max, bool required = false, int min = 1)
    {
        if (Value(name, required) is not { } value)
        {
            return null;
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : null;
        if (string.IsNullOrWhiteSpace(text) || text.Length < min || text.Length > max || text.Any(char.IsControl))
        {
            Refuse(name, $"must be a text of {min} to {max} characters without control characters");
            return null;
        }

        return text;
    }

    /// <summary>A text for people to read: it may be empty and have several lines, but no other control characters.</summary>
    public string? Prose(string name, int max)
    {
        if (Value(name, required: false) is not { } value)
        {
            return null;
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (text is null || text.Length > max || text.Any(sign => char.IsControl(sign) && sign is not ('\n' or '\r' or '\t')))
        {
            Refuse(name, string.Create(
                CultureInfo.InvariantCulture,
                $"must be a text of at most {max} characters, without control characters other than line breaks and tabs"));
            return null;
        }

        return text;
    }

    /// <summary>A member of the answer that nobody changes: a client that sends back what it got may leave it in, as it was.</summary>
    public void Same<T>(string name, T current)
    {
        if (Value(name, required: false) is { } value
            && !JsonElement.DeepEquals(value, JsonSerializer.SerializeToElement(current, WireJson.Options)))
        {
            Refuse(name, "can't be changed");
        }
    }

    /// <summary>A required text that people paste: blanks, line ends and invisible signs around and inside it do not count.</summary>
    public string? Pasted(string name, int max)
    {
        if (Value(name, required: true) is not { } value)
        {
            return null;
        }

        var given = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        var text = string.Concat(
            given.Where(sign => !char.IsWhiteSpace(sign) && char.GetUnicodeCategory(sign) is not UnicodeCategory.Format));
        if (text.Length == 0 || text.Length > max || text.Any(char.IsControl))
        {
            Refuse(name, string.Create(CultureInfo.InvariantCulture, $"must be a text of 1 to {max} characters"));
            return null;
        }

        return text;
    }

    public string? OneOf(string name, IReadOnlyList<string> allowed, bool required = false)
    {
        if (Value(name, required) is not { } value)
        {
            return null;
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (text is null || !allowed.Contains(text))
        {
            Refuse(name, "must be " + string.Join(" or ", allowed));
            return null;
        }

        return text;
    }

    public bool? Flag(string name, bool required = false)
    {
        if (Value(name, required) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Refuse(name, "must be true or false");
            return null;
        }

        return value.GetBoolean();
    }

    public long? Whole(string name, long min, long max, bool required = false)
    {
        if (Value(name, required) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number) || number < min || number > max)
        {
            Refuse(name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {min} to {max}"));
            return null;
        }

        return number;
    }

    public decimal? Number(string name, decimal min, decimal max)
    {
        if (Value(name, required: false) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out var number) || number < min || number > max)
        {
            Refuse(name, string.Create(CultureInfo.InvariantCulture, $"must be a number from {min} to {max}"));
            return null;
        }

        return number;
    }

    /// <summary>A moment as RFC 3339 writes it. Without an offset it would depend on its reader, so one is asked for.</summary>
    public DateTimeOffset? Instant(string name)
    {
        if (Value(name, required: false) is not { } value)
        {
            return null;
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        var hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        if (!hasOffset || !value.TryGetDateTimeOffset(out var moment))
        {
            Refuse(name, "must be a moment like 2027-01-31T23:59:59Z");
            return null;
        }

        return moment.ToUniversalTime();
    }

    public IReadOnlyList<JsonElement>? Items(string name, int max)
    {
        if (Value(name, required: false) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > max)
        {
            Refuse(name, string.Create(CultureInfo.InvariantCulture, $"must be an array of at most {max}"));
            return null;
        }

        return [.. value.EnumerateArray()];
    }

    /// <summary>An object whose members are somebody else's to read.</summary>
    public JsonElement? Nested(string name, bool required = false)
    {
        if (Value(name, required) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            Refuse(name, "must be a JSON object, not a text or a list");
            return null;
        }

        return value;
    }

    /// <summary>The reader of an object inside; its errors land here.</summary>
    public RequestFields? Inside(string name, int index, JsonElement item)
    {
        var at = Pointer(name, index);
        if (item.ValueKind == JsonValueKind.Object)
        {
            return new RequestFields(item, at, Errors);
        }

        Errors.Add(new FieldError(at, "must be an object"));
        return null;
    }

    /// <summary>Last: a field that nobody asked for is a typing error that would otherwise be a limit that isn't there.</summary>
    public void RefuseOthers()
    {
        foreach (var property in body.EnumerateObject())
        {
            if (!_asked.Contains(property.Name))
            {
                // Beyond those that an answer lists they are only counted.
                Errors.Add(Errors.Count < Problem.MostErrors ? new FieldError(Pointer(property.Name), NotAField) : s_unlisted);
            }
        }
    }

    private JsonElement? Value(string name, bool required)
    {
        if (Find(name, out var value) && value.ValueKind != JsonValueKind.Null)
        {
            return value;
        }

        if (required)
        {
            Refuse(name, "is required");
        }

        return null;
    }

    private bool Find(string name, out JsonElement value)
    {
        _asked.Add(name);
        return body.TryGetProperty(name, out value);
    }

    private string Pointer(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"{Pointer(name)}/{index}");

    private string Pointer(string name)
    {
        var shown = name.Length <= 64 ? name : name[..64] + "…";
        return $"{pointer}/{shown.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
    }
}
