using System.CommandLine;
using System.Globalization;
using MeteringGateway.Cli.Declarations;

namespace MeteringGateway.Cli;

/// <summary><c>accounts credit ACCOUNT AMOUNT</c>: a manual credit, or a debit where the amount is negative.</summary>
internal static class AccountsCreditCommand
{
    private static readonly string[] Types = ["support", "bonus", "refund", "adjustment"];

    public static Command Build(OperatorOptions operators)
    {
        var amount = CommandInput.Whole(
            "--amount", "Credits to give; to take, where negative.", -CommandInput.MostCredits, CommandInput.MostCredits, required: true);
        var type = new Option<string>("--type")
        {
            Description = $"What it is: {string.Join(", ", Types)}.",
            DefaultValueFactory = _ => Types[^1],
            HelpName = "TYPE",
        };
        type.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is var text && !Types.Contains(text))
            {
                result.AddError($"--type '{CommandInput.Plain(text ?? "")}' must be one of {string.Join(", ", Types)}");
            }
        });
        var description = new Option<string>("--description") { Description = "Why, for the books.", Required = true, HelpName = "TEXT" };
        var reference = new Option<string?>("--reference")
        {
            Description = "Makes it happen once: the same again gives nothing more.",
            HelpName = "TEXT",
        };
        return AccountsCommand.OfOne("credit", "Give an account credits, or take some.", operators, async (verb, account) =>
        {
            var body = new
            {
                account_id = account.Id,
                amount = verb.Parsed.GetValue(amount),
                type = verb.Parsed.GetValue(type),
                description = verb.Parsed.GetRequiredValue(description),
                reference = verb.Parsed.GetValue(reference),
            };
            var made = await verb.Api.ChangeAsync<CreditAnswer>(HttpMethod.Post, "admin/credits/manual", body, CancellationToken.None);
            verb.Show(made!, string.Create(
                CultureInfo.InvariantCulture, $"{made!.EntryId}: {made.Amount:+0;-0} for {account.Email}, {Became(made)}."));
        }, amount, type, description, reference);
    }

    private static string Became(CreditAnswer made) => made.CreditBalance is { } balance
        ? string.Create(CultureInfo.InvariantCulture, $"who has {balance} credits now")
        : "recorded, and given as soon as Redis is back";
}
