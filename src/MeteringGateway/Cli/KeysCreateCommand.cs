using System.CommandLine;
using System.Globalization;
using MeteringGateway.Cli.Declarations;

namespace MeteringGateway.Cli;

/// <summary><c>keys create ACCOUNT NAME</c>: one new key, its secret shown this once.</summary>
internal static class KeysCreateCommand
{
    private const int MostCalls = 1_000_000;

    public static Command Build(OperatorOptions operators)
    {
        var account = new Argument<string>("ACCOUNT") { Description = "Email or number of the account." };
        var name = new Argument<string>("NAME") { Description = "What the key is called." };
        var test = new Option<bool>("--test") { Description = "A test key: it reaches no provider and costs nothing." };
        var surfaces = new Option<string[]>("--surface")
        {
            Description = "A surface that it may call; may be given more than once. Default: all.",
            HelpName = "SURFACE",
        };
        var rate = CommandInput.Whole("--calls-per-minute", "Calls a minute.", 1, MostCalls);
        var expires = CommandInput.Instant("--expires", "When it stops to work.");
        var limits = new LimitOptions();
        var command = new Command("create", "Make a key; its secret is shown this once.") { account, name, test, surfaces, rate, expires };
        limits.AddTo(command);
        return command.Run(operators, async verb =>
        {
            var owner = await verb.Api.AccountAsync(verb.Parsed.GetRequiredValue(account), verb.Cancellation);
            var body = new
            {
                name = verb.Parsed.GetRequiredValue(name),
                mode = verb.Parsed.GetValue(test) ? "test" : "live",
                limits = limits.Over([], verb.Parsed),
                surfaces = verb.Parsed.GetValue(surfaces) is { Length: > 0 } some ? some : null,
                rate_limit_per_minute = verb.Parsed.GetValue(rate),
                expires_at = verb.Parsed.GetValue(expires),
            };

            // A call that was sent is waited for: only its answer has the secret.
            var path = string.Create(CultureInfo.InvariantCulture, $"admin/accounts/{owner.Id}/keys");
            var key = await verb.Api.ChangeAsync<KeyAnswer>(HttpMethod.Post, path, body, CancellationToken.None);
            verb.Show(key!, string.Create(
                CultureInfo.InvariantCulture, $"Key {key!.Id} ({key.Name}) of {owner.Email}, shown this once: {key.Key}"));
            return KeysCommand.Done;
        });
    }
}
