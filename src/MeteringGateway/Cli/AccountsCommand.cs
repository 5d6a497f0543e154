using System.CommandLine;
using System.Globalization;
using MeteringGateway.Cli.Declarations;
using Spectre.Console;

namespace MeteringGateway.Cli;

/// <summary><c>accounts</c>: what an operator does with accounts from a terminal, through the operator API.</summary>
internal static class AccountsCommand
{
    public static Command Build()
    {
        var operators = new OperatorOptions();
        var command = new Command("accounts", "Accounts and their credits. Exit codes: 0 done, 1 failed, 2 wrong usage.")
        {
            List(operators),
            OfOne("show", "Show one account.", operators, async (verb, account) =>
            {
                // A list leaves out what is held.
                var whole = await verb.Api.GetAsync<AccountAnswer>(PathOf(account), verb.Cancellation);
                verb.Show(whole, () => Of(whole));
            }),
            AccountsCreateCommand.Build(operators),
            AccountsCreditCommand.Build(operators),
            OfOne(
                "suspend", "Let none of an account's keys and sessions in, from the next request on.",
                operators, (verb, account) => SetAsync(verb, account, "suspended")),
            OfOne("activate", "End a suspension.", operators, (verb, account) => SetAsync(verb, account, "active")),
        };
        operators.AddTo(command);
        return command;
    }

    public static string PathOf(AccountAnswer account) => string.Create(CultureInfo.InvariantCulture, $"admin/accounts/{account.Id}");

    /// <summary>A verb about one account, which is named by its email or its number.</summary>
    public static Command OfOne(
        string name, string description, OperatorOptions operators, Func<OperatorVerb, AccountAnswer, Task> action, params Symbol[] more)
    {
        var which = new Argument<string>("ACCOUNT") { Description = "Email or number of the account." };
        var command = new Command(name, description) { which };
        foreach (var symbol in more)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        return command.Run(operators, async verb =>
        {
            await action(verb, await verb.Api.AccountAsync(verb.Parsed.GetRequiredValue(which), verb.Cancellation));
            return KeysCommand.Done;
        });
    }

    private static Command List(OperatorOptions operators) =>
        new Command("list", "List accounts with their balances.").Run(operators, async verb =>
        {
            var accounts = await verb.Api.AccountsAsync(verb.Cancellation);
            verb.Show(new { accounts }, () =>
            {
                var table = Tables.WithColumns("Id", "Email", "Kind", "Status", "Credits");
                foreach (var account in accounts)
                {
                    table.Add(Text(account.Id), account.Email, account.Kind, account.Status, Text(account.CreditBalance));
                }

                return table;
            });
            return KeysCommand.Done;
        });

    private static async Task SetAsync(OperatorVerb verb, AccountAnswer account, string status)
    {
        var changed = await verb.Api.ChangeAsync<AccountAnswer>(HttpMethod.Patch, PathOf(account), new { status }, verb.Cancellation);
        verb.Show(changed!, $"{account.Email} is {changed!.Status}.");
    }

    private static Table Of(AccountAnswer account)
    {
        var table = Tables.WithColumns("Account", Text(account.Id));
        table.Add("Email", account.Email);
        table.Add("Name", account.FullName);
        table.Add("Kind", account.Kind);
        table.Add("Status", account.Status);
        table.Add("Credits", Text(account.CreditBalance));
        table.Add("Held", account.HeldCredits is { } held ? Text(held) : "?");
        table.Add("Monthly budget", account.MonthlyBudget is { } budget ? Text(budget) : "none");
        table.Add("Made", Declarations.KeyFields.Text(account.CreatedAt));
        return table;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
