using System.Globalization;
using MeteringGateway.Http.Errors;

namespace MeteringGateway.Cli.Declarations;

/// <summary>Compares a declaration with what is there. A key of the file is the account's key of that name that is not revoked.</summary>
internal sealed class DeclaredKeysPlan(bool prune, DateTimeOffset now)
{
    private readonly List<PlannedChange> _changes = [];
    private readonly Dictionary<long, string> _accounts = [];

    public IReadOnlyList<PlannedChange> Changes => _changes;

    /// <summary>What can't be done, by its place in the file. Where there is any, nothing is to be applied.</summary>
    public List<FieldError> Errors { get; } = [];

    public void Add(DeclaredAccount declared, AccountAnswer? account, IReadOnlyList<KeyAnswer> keys)
    {
        if (account is null)
        {
            Errors.Add(new FieldError(declared.Pointer, $"is about {declared.Name}, which there is not"));
            return;
        }

        if (!_accounts.TryAdd(account.Id, declared.Pointer))
        {
            Errors.Add(new FieldError(declared.Pointer, $"is about the same account as {_accounts[account.Id]}"));
            return;
        }

        AddAccount(declared, account);
        var usable = keys.Where(key => key.Status != KeyAnswer.Revoked).ToList();
        foreach (var key in declared.Keys)
        {
            AddKey(key, account, usable);
        }

        if (prune)
        {
            _changes.AddRange(
                usable.Where(key => declared.Keys.All(kept => kept.Wanted.Name != key.Name)).Select(key => Revoke(key, account)));
        }
    }

    private void AddAccount(DeclaredAccount declared, AccountAnswer account)
    {
        var differences = new List<FieldDifference>();
        var body = new Dictionary<string, object?>();
        Compare("monthly_budget", account.MonthlyBudget, declared.MonthlyBudget);
        Compare("low_balance_mark", account.LowBalanceMark, declared.LowBalanceMark);
        if (differences.Count > 0)
        {
            _changes.Add(new PlannedChange(
                ChangeKind.ChangeAccount, account.Id, account.Email, null, differences, HttpMethod.Patch,
                $"admin/accounts/{account.Id}", body));
        }

        void Compare(string name, long? current, long? wanted)
        {
            if (declared.Given.Contains(name) && current != wanted)
            {
                differences.Add(new FieldDifference(name, KeyFields.Text(current), KeyFields.Text(wanted)));
                body[name] = wanted;
            }
        }
    }

    private void AddKey(DeclaredKey declared, AccountAnswer account, List<KeyAnswer> keys)
    {
        var named = keys.Where(key => key.Name == declared.Wanted.Name).ToList();
        if (named.Count > 1)
        {
            Errors.Add(new FieldError(declared.Pointer + "/name", $"is the name of {named.Count} keys of {account.Email}: "
                + $"rename or revoke all but one of {string.Join(", ", named.Select(key => key.Prefix))}"));
            return;
        }

        var current = named.SingleOrDefault();
        if (current is not null && declared.Given.Contains("mode") && current.Mode != declared.Wanted.Mode)
        {
            Errors.Add(new FieldError(declared.Pointer + "/mode", $"can't be changed: the key is a {current.Mode} key"));
        }

        var fields = KeyFields.Compare(declared, current).ToList();
        if (declared.Wanted.ExpiresAt <= now && fields.Exists(field => field.Difference.Field == "expires_at"))
        {
            Errors.Add(new FieldError(declared.Pointer + "/expires_at", "must be in the future"));
        }

        var differences = fields.Select(field => field.Difference).ToList();
        var body = fields.ToDictionary(field => field.Difference.Field, field => field.Value);
        if (current is null)
        {
            body["name"] = declared.Wanted.Name;
            body["mode"] = declared.Wanted.Mode;
            differences.Insert(0, new FieldDifference("mode", "", declared.Wanted.Mode));
            _changes.Add(new PlannedChange(
                ChangeKind.CreateKey, account.Id, account.Email, declared.Wanted.Name, differences, HttpMethod.Post,
                $"admin/accounts/{account.Id}/keys", body));
        }
        else if (differences.Count > 0)
        {
            _changes.Add(new PlannedChange(
                ChangeKind.ChangeKey, account.Id, account.Email, current.Name, differences, HttpMethod.Patch,
                $"admin/keys/{current.Id}", body));
        }
    }

    private static PlannedChange Revoke(KeyAnswer key, AccountAnswer account) => new(
        ChangeKind.RevokeKey, account.Id, account.Email, key.Name,
        [new FieldDifference("status", key.Status, KeyAnswer.Revoked)],
        HttpMethod.Delete, string.Create(CultureInfo.InvariantCulture, $"admin/keys/{key.Id}"), null);
}
