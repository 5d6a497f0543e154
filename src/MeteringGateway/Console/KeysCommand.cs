using System.CommandLine;
using MeteringGateway.Declarations;

namespace MeteringGateway.Console;

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
            KeysApplyCommand.Build(operators, time),
            KeysListCommand.Build(operators),
            KeysLimitCommand.Build(operators),
            KeysRevokeCommand.Build(operators),
        };
        operators.AddTo(command);
        return command;
    }

    /// <summary>Gives a verb its way to the API, and each way to fail its exit code.</summary>
    public static void Run(this Command command, OperatorOptions operators, Func<OperatorApi, ParseResult, CancellationToken, Task<int>> action) =>
        command.SetAction(async (parsed, cancellation) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            try
            {
                using var api = operators.Open(parsed);
                return await action(api, parsed, cancellation);
            }
            catch (WrongUsageException e)
            {
                await error.WriteLineAsync(e.Message);
                return WrongUsage;
            }
            catch (Exception e) when (e is OperatorApiException or IOException or UnauthorizedAccessException)
            {
                await error.WriteLineAsync(e.Message);
                return Failed;
            }
        });
}
