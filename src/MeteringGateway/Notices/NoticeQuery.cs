using System.Globalization;
using MeteringGateway.Errors;
using MeteringGateway.Requests;

namespace MeteringGateway.Notices;

/// <summary>Which events are asked for: <c>account_id</c>, <c>type</c>, <c>limit</c>, <c>offset</c>.</summary>
internal readonly record struct NoticeQuery(long? AccountId, string? Type, Page Page)
{
    private static readonly string[] Types = ["key_limit", "account_budget", "low_balance"];

    public static (NoticeQuery Query, Problem? Problem) Read(IQueryCollection parameters)
    {
        var (page, problem) = Page.Read(parameters);
        var errors = new List<FieldError>(problem?.Errors ?? []);
        long? account = null;
        if (parameters.TryGetValue("account_id", out var accounts))
        {
            if (accounts.Count == 1 && long.TryParse(accounts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                account = id;
            }
            else
            {
                errors.Add(new FieldError("?account_id", "must be the number of an account"));
            }
        }

        string? type = null;
        if (parameters.TryGetValue("type", out var types))
        {
            type = types.Count == 1 && Types.Contains(types[0]) ? types[0] : null;
            if (type is null)
            {
                errors.Add(new FieldError("?type", "must be " + string.Join(" or ", Types)));
            }
        }

        return (new NoticeQuery(account, type, page), errors.Count == 0 ? null : Problem.InvalidRequest(errors));
    }
}
