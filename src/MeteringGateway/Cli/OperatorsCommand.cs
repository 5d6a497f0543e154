using System.CommandLine;
using System.Globalization;
using MeteringGateway.Cli.Declarations;

namespace MeteringGateway.Cli;

/// <summary><c>operators</c>: who may use the operator API, by name.</summary>
internal static class OperatorsCommand
{
    private const string Full = "full";
    private const string ReadOnly = "read-only";

    /// <summary>As the operator API bounds it.</summary>
    private const int LongestOverlap = 7 * 24 * 3600;

    public static Command Build()
    {
        var operators = new OperatorOptions();
        var command = new Command(
            "operators", "Operators with names and tokens of their own. Exit codes: 0 done, 1 failed, 2 wrong usage.")
        {
            List(operators),
            Create(operators),
            Rotate(operators),
            OfOne("revoke", "Refuse an operator's token, at once and for ever.", operators, async (verb, one) =>
            {
                await verb.Api.ChangeAsync<OperatorAnswer>(HttpMethod.Delete, Path(one), null, verb.Cancellation);
                verb.Show(one with { Status = OperatorAnswer.Revoked }, $"Operator {Text(one.Id)} ({one.Name}) is revoked.");
            }),
        };
        operators.AddTo(command);
        return command;
    }

    private static Command List(OperatorOptions operators)
    {
        var all = new Option<bool>("--all") { Description = "Revoked ones, too." };
        var command = new Command("list", "List operators with their access. The bootstrap token, which has no name, is none of them.")
        {
            all,
        };
        return command.Run(operators, async verb =>
        {
            var shown = (await verb.Api.OperatorsAsync(verb.Cancellation))
                .Where(one => verb.Parsed.GetValue(all) || one.Status != OperatorAnswer.Revoked).ToList();
            verb.Show(new { operators = shown }, () =>
            {
                var table = Tables.WithColumns("Id", "Name", "Access", "Status", "Prefix", "Last used", "Expires");
                foreach (var one in shown)
                {
                    table.Add(
                        Text(one.Id), one.Name, one.Access, one.Status, one.Prefix, KeyFields.Text(one.LastUsedAt),
                        KeyFields.Text(one.ExpiresAt));
                }

                return table;
            });
            return KeysCommand.Done;
        });
    }

    private static Command Create(OperatorOptions operators)
    {
        var name = new Argument<string>("NAME") { Description = "As the audit trail will have it: operator:NAME." };
        var access = new Option<string>("--access")
        {
            Description = $"What the token may do: {Full}, or {ReadOnly}, which changes nothing.",
            HelpName = "ACCESS",
            Required = true,
        };
        access.AcceptOnlyFromAmong(Full, ReadOnly);
        var expires = CommandInput.Instant("--expires", "When the token stops to work.");
        var command = new Command("create", "Make an operator; its token is shown this once.") { name, access, expires };
        return command.Run(operators, async verb =>
        {
            var body = new
            {
                name = verb.Parsed.GetRequiredValue(name),
                access = verb.Parsed.GetValue(access) == ReadOnly ? "read_only" : Full,
                expires_at = verb.Parsed.GetValue(expires),
            };

            // A call that was sent is waited for: only its answer has the token.
            var made = await verb.Api.ChangeAsync<OperatorAnswer>(HttpMethod.Post, "admin/operators", body, CancellationToken.None);
            verb.Show(made!, $"Operator {Text(made!.Id)} ({made.Name}, {made.Access}), shown this once: {made.Token}");
            return KeysCommand.Done;
        });
    }

    private static Command Rotate(OperatorOptions operators)
    {
        var overlap = CommandInput.Whole("--overlap", "Seconds for which the old token still works. Default: none.", 0, LongestOverlap);
        var expires = CommandInput.Instant("--expires", "When the new token stops to work. Default: when the old one would have.");
        var command = OfOne("rotate", "Give an operator a new token, shown this once.", operators, async (verb, one) =>
        {
            var body = new Dictionary<string, object>();
            if (verb.Parsed.GetValue(overlap) is { } seconds)
            {
                body["overlap_seconds"] = seconds;
            }

            if (verb.Parsed.GetValue(expires) is { } end)
            {
                body["expires_at"] = end;
            }

            var rotated = await verb.Api.ChangeAsync<OperatorAnswer>(HttpMethod.Post, Path(one) + "/rotate", body, CancellationToken.None);
            verb.Show(rotated!, $"{one.Name}, shown this once: {rotated!.Token}");
        });
        command.Options.Add(overlap);
        command.Options.Add(expires);
        return command;
    }

    /// <summary>A verb about one operator: by its number, or by the name that it alone has while it is not revoked.</summary>
    private static Command OfOne(
        string name, string description, OperatorOptions operators, Func<OperatorVerb, OperatorAnswer, Task> action)
    {
        var which = new Argument<string>("OPERATOR") { Description = "The operator's name or number, as 'operators list' shows them." };
        return new Command(name, description) { which }.Run(operators, async verb =>
        {
            var text = verb.Parsed.GetRequiredValue(which).Trim();
            var all = await verb.Api.OperatorsAsync(verb.Cancellation);
            var one = all.FirstOrDefault(one => one.Status != OperatorAnswer.Revoked
                    && one.Name.Equals(text, StringComparison.OrdinalIgnoreCase))
                ?? all.FirstOrDefault(one => Text(one.Id) == text)
                ?? throw new OperatorApiException($"There is no operator {text}. 'operators list' shows them.");
            await action(verb, one);
            return KeysCommand.Done;
        });
    }

    private static string Path(OperatorAnswer one) => $"admin/operators/{Text(one.Id)}";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
