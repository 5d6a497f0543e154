using MeteringGateway.Http.Errors;

namespace MeteringGateway.Http.Requests;

/// <summary>Which part of a list is asked for.</summary>
internal readonly record struct Page(int Limit, int Offset)
{
    private const int DefaultLimit = 50;

    /// <summary>Bounds what one answer costs; a caller that wants more asks again with an offset.</summary>
    private const int MaxLimit = 200;

    /// <param name="query">Of the request.</param>
    /// <param name="defaultLimit">The published APIs have their own defaults and maxima.</param>
    /// <param name="maxLimit">At most this many in one answer.</param>
    public static (Page Page, Problem? Problem) Read(IQueryCollection query, int defaultLimit = DefaultLimit, int maxLimit = MaxLimit)
    {
        var fields = new QueryFields(query);
        return (Read(fields, defaultLimit, maxLimit), fields.Problem);
    }

    public static Page Read(QueryFields fields, int defaultLimit = DefaultLimit, int maxLimit = MaxLimit) =>
        new((int)(fields.Whole("limit", 1, maxLimit) ?? defaultLimit), (int)(fields.Whole("offset", 0, int.MaxValue) ?? 0));
}
