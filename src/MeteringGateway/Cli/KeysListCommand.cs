using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeteringGateway.Cli.Declarations;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Cli;

/// <summary><c>keys list</c>: the keys of one account or of all.</summary>
internal static class KeysListCommand
{
    public static Command Build(OperatorOptions operators)
    {
        var account = new Option<string?>("--account")
        {
            Description = "Email or number of an account; without it, all accounts.",
            HelpName = "ACCOUNT",
        };
        var all = new Option<bool>("--all") { Description = "Revoked keys, too." };
        var command = new Command("list", "List keys with what is spent of their limits. 'keys show' has the rest.") { account, all };
        return command.Run(operators, async verb =>
        {
            var one = verb.Parsed.GetValue(account) is { } named ? await verb.Api.AccountAsync(named, verb.Cancellation) : null;
            var found = await verb.Api.SearchKeysAsync(null, null, one?.Id, verb.Cancellation);
            var keys = found.Where(key => verb.Parsed.GetValue(all) || key.Status != KeyAnswer.Revoked).ToLookup(key => key.AccountId);
            var accounts = one is null ? await verb.Api.AccountsAsync(verb.Cancellation) : [one];
            var shown = accounts.Where(owner => keys[owner.Id].Any())
                .Select(owner => new AccountKeys(owner.Id, owner.Email, [.. keys[owner.Id]])).ToList();
            verb.Show(
                new { keys = shown.SelectMany(owner => owner.Keys.Select(key => Named(owner.Email, key))) },
                () => KeyTables.Write(verb.Output, shown));
            return KeysCommand.Done;
        });
    }

    /// <summary>As the operator API shows it, with the email that it leaves out.</summary>
    private static JsonObject Named(string email, KeyAnswer key)
    {
        var named = JsonSerializer.SerializeToNode(key, WireJson.Options)!.AsObject();
        named.Insert(0, "account", email);
        return named;
    }
}
