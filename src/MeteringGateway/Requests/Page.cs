using System.Globalization;
using MeteringGateway.Errors;

namespace MeteringGateway.Requests;

/// <summary>Which part of a list is asked for.</summary>
internal readonly record struct Page(int Limit, int Offset)
{
    private const int DefaultLimit = 50;

    /// <summary>Bounds what one answer costs; whoever wants more asks again with an offset.</summary>
    private const int MaxLimit = 200;

    /// <param name="query">Of the request.</param>
    /// <param name="defaultLimit">The published APIs have their own defaults and maxima.</param>
    /// <param name="maxLimit">At most this many in one answer.</param>
    public static (Page Page, Problem? Problem) Read(IQueryCollection query, int defaultLimit = DefaultLimit, int maxLimit = MaxLimit)
    {
        var errors = new List<FieldError>();
        var page = new Page(Whole(query, "limit", defaultLimit, 1, maxLimit, errors), Whole(query, "offset", 0, 0, int.MaxValue, errors));
        return (page, errors.Count == 0 ? null : Problem.InvalidRequest(errors));
    }

    private static int Whole(IQueryCollection query, string name, int fallback, int min, int max, List<FieldError> errors)
    {
        if (!query.TryGetValue(name, out var values))
        {
            return fallback;
        }

        if (values.Count == 1 && int.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        errors.Add(new FieldError("?" + name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {min} to {max}")));
        return fallback;
    }
}
