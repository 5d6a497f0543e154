using System.CommandLine;
using System.Globalization;
using MeteringGateway.Cli.Declarations;

namespace MeteringGateway.Cli;

/// <summary><c>keys show | rotate | revoke KEY</c>: what is about one key and needs no more than it.</summary>
internal static class KeyCommands
{
    /// <summary>As the operator API bounds it.</summary>
    private const int LongestOverlap = 7 * 24 * 3600;

    public static Command Show(OperatorOptions operators) =>
        OfOne("show", "Show one key with all its limits.", operators, async (verb, key) =>
        {
            var account = await verb.Api.FindAccountAsync(key.AccountId, null, verb.Cancellation);
            verb.Show(key, () => KeyTables.Of(key, account?.Email ?? "?"));
        });

    public static Command Rotate(OperatorOptions operators)
    {
        var overlap = CommandInput.Whole("--overlap", "Seconds for which the old secret still works. Default: none.", 0, LongestOverlap);
        var command = OfOne(
            "rotate", "Give a key a new secret, shown this once. Limits and what is spent stay.", operators, async (verb, key) =>
            {
                object body = verb.Parsed.GetValue(overlap) is { } seconds ? new { overlap_seconds = seconds } : new { };
                var rotated = await verb.Api.ChangeAsync<KeyAnswer>(HttpMethod.Post, Path(key) + "/rotate", body, CancellationToken.None);
                verb.Show(rotated!, $"{key.Name}, shown this once: {rotated!.Key}");
            });
        command.Options.Add(overlap);
        return command;
    }

    public static Command Revoke(OperatorOptions operators) =>
        OfOne("revoke", "Revoke a key, at once and for ever.", operators, async (verb, key) =>
        {
            await verb.Api.ChangeAsync<KeyAnswer>(HttpMethod.Delete, Path(key), null, verb.Cancellation);
            verb.Show(
                key with { Status = KeyAnswer.Revoked },
                string.Create(CultureInfo.InvariantCulture, $"Key {key.Id} ({key.Name}, {key.Prefix}) is revoked."));
        });

    public static string Path(KeyAnswer key) => string.Create(CultureInfo.InvariantCulture, $"admin/keys/{key.Id}");

    private static Command OfOne(string name, string description, OperatorOptions operators, Func<OperatorVerb, KeyAnswer, Task> action)
    {
        var choice = new KeyChoice();
        var command = new Command(name, description);
        choice.AddTo(command);
        return command.Run(operators, async verb =>
        {
            await action(verb, await choice.FindAsync(verb));
            return KeysCommand.Done;
        });
    }
}
