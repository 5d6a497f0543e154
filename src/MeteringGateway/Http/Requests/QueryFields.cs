using System.Globalization;
using MeteringGateway.Http.Errors;

namespace MeteringGateway.Http.Requests;

/// <summary>
/// The query parameters of one request, read one by one while everything that is wrong is collected. A parameter that is absent is null,
/// one that is empty or there twice is wrong: both are slips that would otherwise answer another question. Unknown ones are not looked
/// for here: <see cref="QueryGuard"/> refuses them before any endpoint is asked. For one request, one caller at a time.
/// </summary>
internal sealed class QueryFields(IQueryCollection query)
{
    /// <summary>Far above any name, id or moment that is asked for.</summary>
    private const int LongestText = 255;

    public List<FieldError> Errors { get; } = [];

    public Problem? Problem => Errors.Count == 0 ? null : Problem.InvalidRequest(Errors);

    public void Refuse(string name, string detail) => Errors.Add(new FieldError("?" + name, detail));

    public long? Whole(string name, long min, long max, string? wanted = null)
    {
        if (Single(name) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        Refuse(name, wanted ?? string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {min} to {max}"));
        return null;
    }

    public string? Text(string name, int max = LongestText)
    {
        if (Single(name) is not { } text)
        {
            return null;
        }

        if (text.Length is > 0 && text.Length <= max && WireText.IsStorable(text))
        {
            return text;
        }

        Refuse(name, string.Create(
            CultureInfo.InvariantCulture, $"must be a text of 1 to {max} characters without control characters; leave it out for all"));
        return null;
    }

    public string? OneOf(string name, IReadOnlyCollection<string> allowed)
    {
        if (Single(name) is not { } text)
        {
            return null;
        }

        if (allowed.Contains(text))
        {
            return text;
        }

        Refuse(name, "must be " + string.Join(" or ", allowed));
        return null;
    }

    public bool? Flag(string name) => OneOf(name, ["true", "false"]) is { } text ? text == "true" : null;

    /// <summary>A moment as RFC 3339 writes it, or a day for its first moment in UTC.</summary>
    public DateTimeOffset? Moment(string name)
    {
        if (Single(name) is not { } text)
        {
            return null;
        }

        if (Moments.TryRead(text, out var moment) || Moments.TryReadDay(text, out moment))
        {
            return moment;
        }

        Refuse(name, Moments.Wanted + ", or a day like 2027-01-31");
        return null;
    }

    /// <summary>From the first moment, before the second. A day alone is all of that day in UTC, so <c>to</c> includes it.</summary>
    public (DateTimeOffset? From, DateTimeOffset? To) Range(string from, string to)
    {
        var ((start, _), (end, isDay)) = (Bound(from, isEnd: false), Bound(to, isEnd: true));
        if (start > end || (isDay && start >= end))
        {
            Refuse(to, $"must not be before {from}");
        }

        return (start, end);
    }

    private (DateTimeOffset? Bound, bool IsDay) Bound(string name, bool isEnd)
    {
        if (Single(name) is not { } text)
        {
            return (null, false);
        }

        if (Moments.TryReadDay(text, out var day))
        {
            // The last day there is has no day after it; nothing happens later.
            return (!isEnd ? day : day < DateTimeOffset.MaxValue.AddDays(-1) ? day.AddDays(1) : DateTimeOffset.MaxValue, true);
        }

        if (Moments.TryRead(text, out var moment))
        {
            return (moment, false);
        }

        Refuse(name, Moments.Wanted + ", or a day like 2027-01-31");
        return (null, false);
    }

    private string? Single(string name)
    {
        if (!query.TryGetValue(name, out var values) || values.Count == 0)
        {
            return null;
        }

        if (values.Count == 1)
        {
            return values[0] ?? "";
        }

        // The guard refuses these as well; a reader that took the first of two would be a second reader of one text.
        Refuse(name, QueryGuard.Twice);
        return null;
    }
}
