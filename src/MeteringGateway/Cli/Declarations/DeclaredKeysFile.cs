using System.Globalization;
using System.Text.Json;
using MeteringGateway.Accounts.Keys;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Cli.Declarations;

/// <summary>
/// Reads a declaration of keys (docs/keys-file.md). The rules for a key are those of the operator API, so that a file is right in both
/// places or in none.
/// </summary>
internal static class DeclaredKeysFile
{
    private const int MaxAccounts = 10_000;
    private const int MaxKeys = 10_000;
    private static readonly string[] LimitNames = ["limits", "spending_limit", "spending_type", "spending_period"];

    /// <summary>Null when something is wrong, which is then in <paramref name="errors"/>, all of it.</summary>
    public static IReadOnlyList<DeclaredAccount>? Read(byte[] utf8, Func<string, bool> isSurface, List<FieldError> errors)
    {
        var body = RequestBody.Parse(utf8);
        if (body.Fields is not { } fields)
        {
            errors.AddRange(body.Problem!.Errors ?? [new FieldError("#", body.Problem.Detail)]);
            return null;
        }

        var accounts = new List<DeclaredAccount>();
        if (!fields.Given("accounts"))
        {
            fields.Refuse("accounts", "is required");
        }

        var items = fields.Items("accounts", MaxAccounts) ?? [];
        for (var i = 0; i < items.Count; i++)
        {
            if (fields.Inside("accounts", i, items[i]) is { } inside)
            {
                accounts.Add(ReadAccount(inside, items[i], string.Create(CultureInfo.InvariantCulture, $"#/accounts/{i}"), isSurface));
            }
        }

        fields.RefuseOthers();
        RefuseTwice(accounts, fields.Errors);
        errors.AddRange(fields.Errors);
        return errors.Count == 0 ? accounts : null;
    }

    private static DeclaredAccount ReadAccount(RequestFields fields, JsonElement item, string pointer, Func<string, bool> isSurface)
    {
        var id = fields.Whole("account", 1, long.MaxValue);
        var email = fields.Text("email", 320);
        if (item.TryGetProperty("account", out _) == item.TryGetProperty("email", out _))
        {
            fields.Refuse("email", "or 'account' must be given, and not both");
        }

        var budget = fields.Whole("monthly_budget", 0, CreditBounds.Balance);
        var mark = fields.Whole("low_balance_mark", 0, CreditBounds.Balance);
        var keys = new List<DeclaredKey>();
        var items = fields.Items("keys", MaxKeys) ?? [];
        for (var i = 0; i < items.Count; i++)
        {
            if (fields.Inside("keys", i, items[i]) is { } inside)
            {
                var at = string.Create(CultureInfo.InvariantCulture, $"{pointer}/keys/{i}");
                if (ReadKey(inside, items[i], at, isSurface) is not { } key)
                {
                    continue;
                }

                if (keys.Exists(other => other.Wanted.Name == key.Wanted.Name))
                {
                    fields.Errors.Add(new FieldError(at + "/name", "is the name of another key of this account in this file"));
                }

                keys.Add(key);
            }
        }

        fields.RefuseOthers();
        return new DeclaredAccount(pointer, id, email, budget, mark, Names(item), keys);
    }

    private static DeclaredKey? ReadKey(RequestFields fields, JsonElement item, string pointer, Func<string, bool> isSurface)
    {
        // The errors of the whole file are in one list, so this key's are those that come now.
        var before = fields.Errors.Count;

        // An expiry in the past is right for a key that has expired since; the plan refuses it where it would be set anew.
        KeyRequests.ReadNew(fields, 0, isSurface, DateTimeOffset.MinValue);
        if (fields.Errors.Count > before)
        {
            return null;
        }

        // Read once more on its own: with errors elsewhere in the file the first reading gives no key.
        var wanted = KeyRequests.ReadNew(new RequestFields(item), 0, isSurface, DateTimeOffset.MinValue)!;
        return new DeclaredKey(pointer, wanted, Names(item));
    }

    private static HashSet<string> Names(JsonElement item) =>
        [.. item.EnumerateObject().Select(property => LimitNames.Contains(property.Name) ? "limits" : property.Name)];

    private static void RefuseTwice(List<DeclaredAccount> accounts, List<FieldError> errors)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var account in accounts.Where(account => !seen.Add(account.Name)))
        {
            errors.Add(new FieldError(account.Pointer, $"is about {account.Name}, as another one before it"));
        }
    }
}
