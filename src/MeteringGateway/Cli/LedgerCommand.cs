using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace MeteringGateway.Cli;

/// <summary>
/// Verb ledger: what an operator asks of the ledger, through a running gateway's operator API. Its answers are JSON, with or without
/// being asked.
/// </summary>
internal static class LedgerCommand
{
    /// <summary>The ledger or Redis is not well: told from 2, where no answer was to be had.</summary>
    private const int NotWell = 1;
    private const int NoAnswer = 2;

    /// <summary>Walking the ledger takes as long as the ledger is.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromHours(1);

    public static Command Build()
    {
        var operators = new OperatorOptions();
        var command = new Command(
            "ledger", "Ask a running gateway about its books. Exit codes: 0 all is well, 1 something is not, 2 no answer or wrong usage.")
        {
            Verify(operators), Reconcile(operators), Rebuild(operators),
        };
        operators.AddTo(command);
        return command;
    }

    private static Command Verify(OperatorOptions operators) =>
        new Command("verify", "Walk the books: numbers without a gap, unbroken balances, Redis in step. "
            + "Ends with 1 where something is wrong or could not be looked at.")
            .Run(operators, verb => AskAsync(verb, HttpMethod.Get, "admin/ledger/verify"), NoAnswer, s_patience);

    private static Command Reconcile(OperatorOptions operators)
    {
        var heal = new Option<bool>("--heal") { Description = "Load what differs anew from the books." };
        return new Command("reconcile", "Hold Redis against the books and explain each difference. "
            + "Ends with 1 where one is left or an account could not be compared.") { heal }
            .Run(operators, verb => AskAsync(
                verb, HttpMethod.Post,
                verb.Parsed.GetValue(heal) ? "admin/ledger/reconcile?heal=true" : "admin/ledger/reconcile"), NoAnswer, s_patience);
    }

    private static Command Rebuild(OperatorOptions operators)
    {
        var account = new Option<string>("--account")
        {
            Description = "Email or number of the account.",
            Required = true,
            HelpName = "ACCOUNT",
        };
        var at = CommandInput.Instant("--at", "The instant, as in 2026-11-21T12:00:00Z. Default: after all of its entries.");
        return new Command("rebuild", "The balance of an account at an instant, added up from its entries alone.") { account, at }.Run(
            operators,
            async verb =>
            {
                var id = (await verb.Api.AccountAsync(verb.Parsed.GetRequiredValue(account), verb.Cancellation)).Id;
                var until = verb.Parsed.GetValue(at) is { } instant
                    ? "&at=" + Uri.EscapeDataString(instant.ToString("O", CultureInfo.InvariantCulture))
                    : "";
                return await AskAsync(
                    verb, HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"admin/ledger/rebuild?account_id={id}{until}"));
            },
            NoAnswer,
            s_patience);
    }

    private static async Task<int> AskAsync(OperatorVerb verb, HttpMethod method, string path)
    {
        var answer = await verb.Api.AskAsync(method, path, verb.Cancellation);
        verb.ShowJson(answer);
        if (answer.TryGetProperty("unchecked", out var accounts) && accounts.GetInt64() > 0)
        {
            await verb.Error.WriteLineAsync($"{accounts} accounts could not be compared with Redis: their partitions are not served now. "
                + "Ask again when /readyz says that all is well.");
        }

        return answer.TryGetProperty("ok", out var ok) && ok.ValueKind == JsonValueKind.False ? NotWell : KeysCommand.Done;
    }
}
