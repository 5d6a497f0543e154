using System.CommandLine;
using MeteringGateway.Cli.Declarations;

namespace MeteringGateway.Cli;

/// <summary><c>keys apply FILE</c>: makes accounts' keys and limits match a declaration.</summary>
internal static class KeysApplyCommand
{
    public static Command Build(OperatorOptions operators, TimeProvider time)
    {
        var file = new Argument<string>("FILE") { Description = "The declaration, as docs/keys-file.md describes it." };
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Show the difference and change nothing; exit code 3 where there is one.",
        };
        var prune = new Option<bool>("--prune") { Description = "Revoke the keys of the file's accounts that the file does not mention." };
        var secretsOut = new Option<string?>("--secrets-out")
        {
            HelpName = "FILE",
            Description = "A new file, readable by you alone, for the secrets of new keys; else they are printed once.",
        };
        var command = new Command("apply", "Make keys and limits match a file.") { file, dryRun, prune, secretsOut };
        return command.Run(operators, async verb =>
        {
            var (output, error, parsed, cancellation) = (verb.Output, verb.Error, verb.Parsed, verb.Cancellation);
            var declaration = await File.ReadAllBytesAsync(parsed.GetRequiredValue(file), cancellation);
            var apply = new DeclaredKeysApply(verb.Api, time);
            var (changes, errors) = await apply.PlanAsync(declaration, parsed.GetValue(prune), cancellation);
            if (errors.Count > 0)
            {
                foreach (var wrong in errors)
                {
                    await error.WriteLineAsync(CommandInput.Plain($"{wrong.Pointer} {wrong.Detail}"));
                }

                await error.WriteLineAsync("Nothing was changed.");
                return KeysCommand.Failed;
            }

            var isDry = parsed.GetValue(dryRun);
            if (changes.Count == 0)
            {
                verb.Show(PlanView.Of(changes, isDry), "Nothing to change.");
                return KeysCommand.Done;
            }

            if (isDry)
            {
                verb.Show(PlanView.Of(changes, isDry), () =>
                {
                    KeyTables.Write(output, changes);
                    output.WriteLine($"{changes.Count} to change; nothing was changed.");
                });
                return KeysCommand.Differs;
            }

            var makesKeys = changes.Any(change => change.Kind == ChangeKind.CreateKey);
            if (verb.IsJson && makesKeys && parsed.GetValue(secretsOut) is null)
            {
                throw new WrongUsageException(
                    "--json needs --secrets-out where keys are made: their secrets are shown once, and not in what is passed on.");
            }

            using var secrets = NewSecrets.Open(makesKeys ? parsed.GetValue(secretsOut) : null, output);
            if (!verb.IsJson)
            {
                KeyTables.Write(output, changes);
            }

            var (applied, failure) = await apply.ApplyAsync(changes, secrets, cancellation);
            if (failure is not null)
            {
                await error.WriteLineAsync(
                    $"{failure}\n{applied} of {changes.Count} were changed. Apply the same file again for the rest.");
                return KeysCommand.Failed;
            }

            verb.Show(PlanView.Of(changes, isDry), $"{applied} changed.");
            return KeysCommand.Done;
        });
    }
}

/// <summary>What was to change, for a program to read.</summary>
internal sealed record PlanView(bool DryRun, IReadOnlyList<ChangeView> Changes)
{
    public static PlanView Of(IReadOnlyList<PlannedChange> changes, bool dryRun) =>
        new(
            dryRun,
            [.. changes.Select(change => new ChangeView(change.Account, change.AccountId, change.Key, change.Action, change.Differences))]);
}

internal sealed record ChangeView(string Account, long AccountId, string? Key, string Change, IReadOnlyList<FieldDifference> Differences);
