using System.CommandLine;

namespace MeteringGateway.Cli;

/// <summary><c>keys</c>: what an operator does with keys from a terminal or a pipeline, through the operator API.</summary>
internal static class KeysCommand
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;
    public const int Differs = 3;

    public static Command Build(TimeProvider time)
    {
        var operators = new OperatorOptions();
        var command = new Command("keys", "Keys and their limits. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 differences in a dry run.")
        {
            KeysListCommand.Build(operators),
            KeyCommands.Show(operators),
            KeysCreateCommand.Build(operators),
            KeysLimitCommand.Build(operators),
            KeyCommands.Rotate(operators),
            KeyCommands.Revoke(operators),
            KeysApplyCommand.Build(operators, time),
        };
        operators.AddTo(command);
        return command;
    }
}
