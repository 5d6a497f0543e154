using System.CommandLine;
using System.Globalization;
using MeteringGateway.Accounts;
using MeteringGateway.Declarations;
using MeteringGateway.Keys;

namespace MeteringGateway.Console;

/// <summary><c>keys limit KEY</c>: sets or removes single limits of a key and leaves its others.</summary>
internal static class KeysLimitCommand
{
    private const string Remove = "none";

    public static Command Build(OperatorOptions operators)
    {
        var key = new Argument<long>("KEY") { Description = "The key's number, as 'keys list' shows it." };
        var lifetime = Limit("--fixed", "Credits for ever");
        var daily = Limit("--daily", "Credits a UTC day");
        var weekly = Limit("--weekly", "Credits a UTC week from Monday");
        var monthly = Limit("--monthly", "Credits a UTC month");
        var command = new Command("limit", "Change limits of a key; what is spent stays.") { key, lifetime, daily, weekly, monthly };
        command.Run(operators, async (api, parsed, cancellation) =>
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"admin/keys/{parsed.GetValue(key)}");
            var given = new[] { lifetime, daily, weekly, monthly }.Where(option => parsed.GetValue(option) is not null).ToList();
            if (given.Count == 0)
            {
                throw new WrongUsageException("Give at least one of --fixed, --daily, --weekly, --monthly.");
            }

            var wanted = given.ToDictionary(option => option, option => Credits(option.Name, parsed.GetValue(option)!));
            var current = await api.GetAsync<KeyView>(path, cancellation);
            var now = KeyFields.LimitsOf(current);
            var limits = new KeyLimits(Or(lifetime, now.Fixed), Or(daily, now.Daily), Or(weekly, now.Weekly), Or(monthly, now.Monthly));
            var changed = await api.ChangeAsync<KeyView>(HttpMethod.Patch, path, new { limits = KeyFields.Send(limits) }, cancellation);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{current.Name}: {KeyFields.Text(now)} → {KeyFields.Text(KeyFields.LimitsOf(changed!))}");
            return KeysCommand.Done;

            long? Or(Option<string?> option, long? otherwise) => wanted.TryGetValue(option, out var credits) ? credits : otherwise;
        });
        return command;
    }

    private static Option<string?> Limit(string name, string what) => new(name) { Description = $"{what}: a whole number, or '{Remove}'." };

    private static long? Credits(string name, string text)
    {
        if (text == Remove)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var credits) && credits <= CreditBounds.Balance
            ? credits
            : throw new WrongUsageException($"{name} '{text}' must be a whole number from 0 to {CreditBounds.Balance}, or '{Remove}'");
    }
}
