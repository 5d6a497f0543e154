using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Accounts.Accounts;

/// <summary>What <c>POST /admin/accounts</c> asks for.</summary>
internal sealed record NewAccount(string Email, string FullName, string Kind, long Credits, long? MonthlyBudget)
{
    public const int MaxEmail = 320;
    private static readonly string[] Kinds = ["personal", "team"];

    public static NewAccount? Read(RequestFields fields)
    {
        var email = ReadEmail(fields);
        var fullName = fields.Text("full_name", AccountChange.MaxName, required: true);
        var kind = fields.OneOf("kind", Kinds, required: true);
        var credits = fields.Whole("credits", 0, CreditBounds.Call) ?? 0;
        var budget = fields.Whole("monthly_budget", 0, CreditBounds.Balance);
        fields.RefuseOthers();
        return fields.Errors.Count == 0 ? new NewAccount(email!, fullName!, kind!, credits, budget) : null;
    }

    public static string? ReadEmail(RequestFields fields)
    {
        var email = fields.Text("email", MaxEmail, required: true)?.Trim();
        if (email is not null && !EmailAddress.IsAddress(email))
        {
            fields.Refuse("email", "must be an address like ada@example.com");
        }

        return email;
    }
}

/// <summary>What <c>PATCH /admin/accounts/{id}</c> makes of an account: absent fields stay, null removes.</summary>
internal static class AccountChange
{
    public const int MaxName = 200;
    private static readonly string[] Statuses = ["active", "suspended"];

    public static AccountRow? Read(RequestFields fields, AccountRow current)
    {
        var status = fields.Given("status") ? fields.OneOf("status", Statuses, required: true) : current.Status;
        var fullName = fields.Given("full_name") ? fields.Text("full_name", MaxName, required: true) : current.FullName;
        var budget = fields.Given("monthly_budget") ? fields.Whole("monthly_budget", 0, CreditBounds.Balance) : current.MonthlyBudget;
        var mark = ReadLowBalanceMark(fields, current);
        foreach (var (name, why) in new[]
        {
            ("email", "can't be changed"), ("kind", "can't be changed"), ("credits", "is changed through /admin/credits/manual"),
        })
        {
            if (fields.Given(name))
            {
                fields.Refuse(name, why);
            }
        }

        fields.RefuseOthers();
        return fields.Errors.Count == 0
            ? current with { Status = status!, FullName = fullName!, MonthlyBudget = budget, LowBalanceMark = mark }
            : null;
    }

    /// <summary>The part that an account may change of itself.</summary>
    public static AccountRow? ReadOwn(RequestFields fields, AccountRow current)
    {
        var mark = ReadLowBalanceMark(fields, current);
        fields.RefuseOthers();
        return fields.Errors.Count == 0 ? current with { LowBalanceMark = mark } : null;
    }

    private static long? ReadLowBalanceMark(RequestFields fields, AccountRow current) =>
        fields.Given("low_balance_mark") ? fields.Whole("low_balance_mark", 0, CreditBounds.Balance) : current.LowBalanceMark;
}
