using System.CommandLine;
using System.Globalization;
using MeteringGateway.Accounts;
using MeteringGateway.Declarations;
using MeteringGateway.Keys;

namespace MeteringGateway.Console;

/// <summary><c>keys list</c>: the keys of one account or of all.</summary>
internal static class KeysListCommand
{
    public static Command Build(OperatorOptions operators)
    {
        var account = new Option<string?>("--account") { Description = "Email or number of an account; without it, all accounts." };
        var command = new Command("list", "List keys with what is spent of their limits.") { account };
        command.Run(operators, async (api, parsed, cancellation) =>
        {
            var keys = new List<(string, KeyView)>();
            foreach (var one in await AccountsAsync(api, parsed.GetValue(account), cancellation))
            {
                keys.AddRange((await api.KeysAsync(one.Id, cancellation)).Select(key => (one.Email, key)));
            }

            KeyTables.Write(parsed.InvocationConfiguration.Output, KeyTables.Of(keys));
            return KeysCommand.Done;
        });
        return command;
    }

    private static async Task<IReadOnlyList<AccountView>> AccountsAsync(OperatorApi api, string? name, CancellationToken cancellation)
    {
        if (name is null)
        {
            return await api.AccountsAsync(cancellation);
        }

        var isNumber = long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id);
        return await api.FindAccountAsync(isNumber ? id : null, name, cancellation) is { } found ? [found] : throw new OperatorApiException($"There is no account {name}.");
    }
}
