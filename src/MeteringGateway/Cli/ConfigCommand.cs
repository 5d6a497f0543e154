using System.CommandLine;
using MeteringGateway.Configuration;
using MeteringGateway.Hosting;

namespace MeteringGateway.Cli;

/// <summary><c>config check FILE</c>: whether the gateway would start with a configuration, and all that keeps it from that.</summary>
internal static class ConfigCommand
{
    public static Command Build()
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "Default: what serve would take, GATEWAY_CONFIG or config/gateway.json.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = new Option<bool>("--json") { Description = "Answer in JSON." };
        var check = new Command("check", "Read a configuration as the start would, with the environment over it, and print what is wrong, "
            + "a line each, or 'ok'. Exit codes: 0, 2.") { file, json };
        check.SetAction(async (parsed, _) =>
        {
            var problems = ConfigurationCheck.ProblemsOf(parsed.GetValue(file) ?? GatewayConfiguration.FindFile());
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (parsed.GetValue(json))
            {
                OperatorVerb.WriteJson(output, new { ok = problems.Count == 0, problems });
            }
            else if (problems.Count == 0)
            {
                await output.WriteLineAsync("ok");
            }
            else
            {
                foreach (var problem in problems)
                {
                    await error.WriteLineAsync(problem);
                }
            }

            return problems.Count == 0 ? KeysCommand.Done : ConfigurationException.ExitCode;
        });
        return new Command("config", "Configuration files.") { check };
    }
}
