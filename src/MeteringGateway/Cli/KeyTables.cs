using System.Globalization;
using MeteringGateway.Cli.Declarations;
using Spectre.Console;

namespace MeteringGateway.Cli;

/// <summary>Keys and changes as tables, an account at a time: with its email in each line they would not fit a terminal.</summary>
internal static class KeyTables
{
    public static void Write(TextWriter output, IReadOnlyList<PlannedChange> changes)
    {
        foreach (var account in changes.GroupBy(change => change.Account))
        {
            output.WriteLine(CommandInput.Plain(account.Key));
            var table = Tables.WithColumns("Key", "Change", "Field", "Now", "Wanted");
            foreach (var change in account)
            {
                for (var i = 0; i < Math.Max(1, change.Differences.Count); i++)
                {
                    var difference = i < change.Differences.Count ? change.Differences[i] : new FieldDifference("", "", "");
                    var (key, action) = i == 0 ? (change.Key ?? "", change.Action) : ("", "");
                    table.Add(key, action, difference.Field, difference.Now, difference.Wanted);
                }
            }

            Tables.Write(output, table);
        }
    }

    public static void Write(TextWriter output, IReadOnlyList<AccountKeys> accounts)
    {
        if (accounts.Count == 0)
        {
            output.WriteLine("No key.");
        }

        foreach (var (id, email, keys) in accounts)
        {
            output.WriteLine(CommandInput.Plain(string.Create(CultureInfo.InvariantCulture, $"{email} (account {id})")));
            var table = Tables.WithColumns("Id", "Name", "Prefix", "Status", "Spent of limit");
            table.Columns[2].NoWrap = true;
            foreach (var key in keys)
            {
                table.Add(Text(key.Id), key.Name, key.Prefix, key.Status, Limits(key));
            }

            Tables.Write(output, table);
        }
    }

    /// <summary>All of one key.</summary>
    public static Table Of(KeyAnswer key, string email)
    {
        var table = Tables.WithColumns("Key", Text(key.Id));
        table.Add("Account", string.Create(CultureInfo.InvariantCulture, $"{email} ({key.AccountId})"));
        table.Add("Name", key.Name);
        table.Add("Prefix", key.Prefix);
        table.Add("Mode", key.Mode);
        table.Add("Status", key.Status);
        table.Add("Spent of limit", Limits(key));
        table.Add("Surfaces", key.Surfaces is null ? "all" : string.Join(", ", key.Surfaces));
        table.Add("Calls a minute", key.RateLimitPerMinute is { } rate ? Text(rate) : "no limit of its own");
        table.Add("Expires", KeyFields.Text(key.ExpiresAt));
        table.Add("Made", KeyFields.Text(key.CreatedAt));
        return table;
    }

    private static string Limits(KeyAnswer key) => key.Limits.Count == 0 ? "no limit" : string.Join(", ", key.Limits.Select(Spent));

    private static string Spent(LimitAnswer limit) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{limit.Period ?? limit.Type} {limit.Spent?.ToString(CultureInfo.InvariantCulture) ?? "?"} of {limit.Limit}");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The keys of one account.</summary>
internal sealed record AccountKeys(long AccountId, string Email, IReadOnlyList<KeyAnswer> Keys);
