using System.CommandLine;
using System.Globalization;
using MeteringGateway.Cli.Declarations;

namespace MeteringGateway.Cli;

/// <summary><c>accounts create EMAIL</c>.</summary>
internal static class AccountsCreateCommand
{
    public static Command Build(OperatorOptions operators)
    {
        var email = new Argument<string>("EMAIL") { Description = "Its address, as in ada@example.com." };
        var name = new Option<string?>("--name") { Description = "Whose it is. Default: the email.", HelpName = "NAME" };
        var team = new Option<bool>("--team") { Description = "A team's account." };
        var credits = CommandInput.Whole("--credits", "Credits to start with. Default: 0.", 0, CommandInput.MostCredits);
        return new Command("create", "Make an account.") { email, name, team, credits }.Run(operators, async verb =>
        {
            var parsed = verb.Parsed;
            var body = new
            {
                email = parsed.GetRequiredValue(email),
                full_name = parsed.GetValue(name) ?? parsed.GetRequiredValue(email),
                kind = parsed.GetValue(team) ? "team" : "personal",
                credits = parsed.GetValue(credits) ?? 0,
            };
            var made = await verb.Api.ChangeAsync<AccountAnswer>(HttpMethod.Post, "admin/accounts", body, CancellationToken.None);
            verb.Show(
                made!, string.Create(CultureInfo.InvariantCulture, $"Account {made!.Id} ({made.Email}) has {made.CreditBalance} credits."));
            return KeysCommand.Done;
        });
    }
}
