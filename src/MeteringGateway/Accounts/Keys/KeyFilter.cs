using MeteringGateway.Http.Requests;

namespace MeteringGateway.Accounts.Keys;

/// <summary>Which keys an operator looks for: those of that name, whose shown part begins so, of that account. Null: any.</summary>
internal sealed record KeyFilter(string? Name, string? Prefix, long? AccountId)
{
    public static KeyFilter Read(QueryFields query) =>
        new(query.Text("name"), query.Text("prefix"), query.Whole("account_id", 1, long.MaxValue, "must be an account's number"));
}
