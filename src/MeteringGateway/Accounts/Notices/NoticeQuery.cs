using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Accounts.Notices;

/// <summary>Which events are asked for: <c>account_id</c>, <c>type</c>, <c>limit</c>, <c>offset</c>.</summary>
internal readonly record struct NoticeQuery(long? AccountId, string? Type, Page Page)
{
    private static readonly string[] Types = NoticeTypes.All;

    public static (NoticeQuery Query, Problem? Problem) Read(IQueryCollection parameters)
    {
        var query = new QueryFields(parameters);
        var found = new NoticeQuery(
            query.Whole("account_id", 1, long.MaxValue, "must be the number of an account"), query.OneOf("type", Types), Page.Read(query));
        return (found, query.Problem);
    }
}
