using System.CommandLine;
using MeteringGateway.Declarations;

namespace MeteringGateway.Console;

/// <summary><c>keys apply FILE</c>: makes accounts' keys and limits match a declaration.</summary>
internal static class KeysApplyCommand
{
    public static Command Build(OperatorOptions operators, TimeProvider time)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The declaration, as docs/keys-file.md describes it." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show the difference and change nothing; exit code 3 where there is one." };
        var prune = new Option<bool>("--prune") { Description = "Revoke the keys of the file's accounts that the file does not mention." };
        var secretsOut = new Option<FileInfo?>("--secrets-out") { Description = "A new file, readable by you alone, for the secrets of new keys; else they are printed once." };
        var command = new Command("apply", "Make keys and limits match a file.") { file, dryRun, prune, secretsOut };
        command.Run(operators, async (api, parsed, cancellation) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var declaration = await File.ReadAllBytesAsync(parsed.GetRequiredValue(file).FullName, cancellation);
            var apply = new KeysApply(api, time);
            var (changes, errors) = await apply.PlanAsync(declaration, parsed.GetValue(prune), cancellation);
            if (errors.Count > 0)
            {
                foreach (var wrong in errors)
                {
                    await error.WriteLineAsync($"{wrong.Pointer} {wrong.Detail}");
                }

                await error.WriteLineAsync("Nothing was changed.");
                return KeysCommand.Failed;
            }

            if (changes.Count == 0)
            {
                await output.WriteLineAsync("Nothing to change.");
                return KeysCommand.Done;
            }

            KeyTables.Write(output, KeyTables.Of(changes));
            if (parsed.GetValue(dryRun))
            {
                await output.WriteLineAsync($"{changes.Count} to change; nothing was changed.");
                return KeysCommand.Differs;
            }

            var makesKeys = changes.Any(change => change.Kind == ChangeKind.CreateKey);
            using var secrets = NewSecrets.Open(makesKeys ? parsed.GetValue(secretsOut)?.FullName : null, output);
            var (applied, failure) = await apply.ApplyAsync(changes, secrets, cancellation);
            if (failure is not null)
            {
                await error.WriteLineAsync($"{failure}\n{applied} of {changes.Count} were changed. Apply the same file again for the rest.");
                return KeysCommand.Failed;
            }

            await output.WriteLineAsync($"{applied} changed.");
            return KeysCommand.Done;
        });
        return command;
    }
}
