using System.CommandLine;
using System.Globalization;
using MeteringGateway.Keys;

namespace MeteringGateway.Console;

/// <summary><c>keys revoke KEY</c>.</summary>
internal static class KeysRevokeCommand
{
    public static Command Build(OperatorOptions operators)
    {
        var key = new Argument<long>("KEY") { Description = "The key's number, as 'keys list' shows it." };
        var command = new Command("revoke", "Revoke a key, at once and for ever.") { key };
        command.Run(operators, async (api, parsed, cancellation) =>
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"admin/keys/{parsed.GetValue(key)}");
            await api.ChangeAsync<KeyView>(HttpMethod.Delete, path, null, cancellation);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"Key {parsed.GetValue(key)} is revoked.");
            return KeysCommand.Done;
        });
        return command;
    }
}
