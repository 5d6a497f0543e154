using System.CommandLine;
using MeteringGateway.Cli.Declarations;

namespace MeteringGateway.Cli;

/// <summary><c>keys limit KEY</c>: sets or removes single limits of a key and leaves its others.</summary>
internal static class KeysLimitCommand
{
    public static Command Build(OperatorOptions operators)
    {
        var choice = new KeyChoice();
        var limits = new LimitOptions();
        var command = new Command("limit", "Change limits of a key; what is spent stays.");
        choice.AddTo(command);
        limits.AddTo(command);
        return command.Run(operators, async verb =>
        {
            if (!limits.AnyGiven(verb.Parsed))
            {
                throw new WrongUsageException("Give at least one of --fixed, --daily, --weekly, --monthly.");
            }

            var current = await choice.FindAsync(verb);
            var now = KeyFields.LimitsOf(current);
            var body = new { limits = limits.Over(now, verb.Parsed) };
            var changed = await verb.Api.ChangeAsync<KeyAnswer>(HttpMethod.Patch, KeyCommands.Path(current), body, verb.Cancellation);
            verb.Show(changed!, $"{current.Name}: {KeyFields.Text(now)} → {KeyFields.Text(KeyFields.LimitsOf(changed!))}");
            return KeysCommand.Done;
        });
    }
}
