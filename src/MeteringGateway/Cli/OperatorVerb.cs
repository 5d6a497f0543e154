using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using MeteringGateway.Cli.Declarations;
using MeteringGateway.Http.Requests;
using Spectre.Console;

namespace MeteringGateway.Cli;

/// <summary>One run of a verb that asks a gateway: the API, the words that were given, and how to answer.</summary>
internal sealed record OperatorVerb(OperatorApi Api, ParseResult Parsed, bool IsJson, CancellationToken Cancellation)
{
    private static readonly JsonSerializerOptions s_readable =
        new(WireJson.Options) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public TextWriter Output => Parsed.InvocationConfiguration.Output;

    public TextWriter Error => Parsed.InvocationConfiguration.Error;

    /// <summary>The value as JSON where that was asked for, else as a person reads it.</summary>
    public void Show<T>(T value, Func<Table> table) => Show(value, () => Tables.Write(Output, table()));

    public void Show<T>(T value, string line) => Show(value, () => Output.WriteLine(CommandInput.Plain(line)));

    public void ShowJson<T>(T value) => WriteJson(Output, value);

    public static void WriteJson<T>(TextWriter output, T value) => output.WriteLine(JsonSerializer.Serialize(value, s_readable));

    public void Show<T>(T value, Action write)
    {
        if (IsJson)
        {
            ShowJson(value);
        }
        else
        {
            write();
        }
    }
}

internal static class OperatorVerbs
{
    /// <summary>Gives a verb its way to the API, and each way to fail its exit code and one line.</summary>
    public static Command Run(
        this Command command, OperatorOptions operators, Func<OperatorVerb, Task<int>> action, int failed = KeysCommand.Failed,
        TimeSpan? patience = null)
    {
        command.SetAction(async (parsed, cancellation) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            try
            {
                using var api = operators.Open(parsed, patience);
                return await action(new OperatorVerb(api, parsed, operators.IsJson(parsed), cancellation));
            }
            catch (WrongUsageException e)
            {
                await error.WriteLineAsync(CommandInput.Plain(e.Message));
                return KeysCommand.WrongUsage;
            }
            catch (Exception e) when (e is OperatorApiException or IOException or UnauthorizedAccessException)
            {
                await error.WriteLineAsync(CommandInput.Plain(e.Message));
                return failed;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                await error.WriteLineAsync("Stopped.");
                return failed;
            }
        });
        return command;
    }
}
