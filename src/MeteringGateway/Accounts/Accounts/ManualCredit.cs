using MeteringGateway.Accounts.Payouts;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Accounts.Accounts;

/// <summary>What <c>POST /admin/credits/manual</c> asks for.</summary>
internal sealed record ManualCredit(long AccountId, long Amount, string Type, string Description, string? Reference)
{
    private static readonly string[] Types = ["support", "bonus", "refund", "adjustment"];

    public static ManualCredit? Read(RequestFields fields)
    {
        var accountId = fields.Whole("account_id", 1, long.MaxValue, required: true);
        var amount = fields.Whole("amount", -CreditBounds.Call, CreditBounds.Call, required: true);
        var type = fields.OneOf("type", Types, required: true);
        if (amount == 0)
        {
            fields.Refuse("amount", "must not be 0");
        }
        else if (amount < 0 && type is ("support" or "bonus"))
        {
            fields.Refuse("amount", $"must be positive for {type}; an adjustment may take credits away");
        }

        var description = fields.Text("description", 500, required: true);
        var reference = fields.Text("reference", 200);
        fields.RefuseOthers();
        return fields.Errors.Count == 0 ? new ManualCredit(accountId!.Value, amount!.Value, type!, description!, reference) : null;
    }
}

/// <summary>A manual credit as PostgreSQL has it.</summary>
internal sealed record ManualCreditRow : IPayoutRow
{
    public long Id { get; init; }
    public long AccountId { get; init; }
    public long Amount { get; init; }
    public required string Type { get; init; }
    public required string Description { get; init; }
    public string? Reference { get; init; }
    public required string Status { get; init; }

    /// <summary>Counts how often it was asked for after a refusal, from 1.</summary>
    public int Attempt { get; init; } = 1;
    public long? BalanceAfter { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <inheritdoc/>
    public string EntryId => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"manual:{Id}");

    public bool IsOf(ManualCredit request) =>
        request == new ManualCredit(AccountId, Amount, Type, Description, Reference);
}
