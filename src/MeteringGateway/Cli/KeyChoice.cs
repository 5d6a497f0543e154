using System.CommandLine;
using System.Globalization;
using MeteringGateway.Cli.Declarations;

namespace MeteringGateway.Cli;

/// <summary>Which key a verb is about: by its number, by what is shown of it (<c>mg_live_Ab3dEf</c>), or by its name.</summary>
internal sealed class KeyChoice
{
    private const string LivePrefix = "mg_live_";
    private const string TestPrefix = "mg_test_";

    /// <summary>Of a whole secret only this much goes anywhere.</summary>
    private const int VisibleLength = 14;
    private const int MostNamed = 5;

    private readonly Argument<string> _key = new("KEY") { Description = "The key's number, name or prefix, as 'keys list' shows them." };
    private readonly Option<string?> _account =
        new("--account") { Description = "Email or number of the account, where several have a key of that name.", HelpName = "ACCOUNT" };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_key);
        command.Options.Add(_account);
    }

    /// <exception cref="OperatorApiException">There is none, or it could be one of several.</exception>
    public async Task<KeyAnswer> FindAsync(OperatorVerb verb)
    {
        var text = verb.Parsed.GetRequiredValue(_key).Trim();
        var account = verb.Parsed.GetValue(_account) is { } named
            ? (await verb.Api.AccountAsync(named, verb.Cancellation)).Id
            : (long?)null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && await verb.Api.FindKeyAsync(id, verb.Cancellation) is { } numbered
            && (account ?? numbered.AccountId) == numbered.AccountId)
        {
            return numbered;
        }

        if (text.Length == 0)
        {
            throw new WrongUsageException("KEY must not be empty: give a key's number, name or prefix.");
        }

        var isPrefix = text.StartsWith(LivePrefix, StringComparison.Ordinal) || text.StartsWith(TestPrefix, StringComparison.Ordinal);
        var shown = isPrefix && text.Length > VisibleLength ? text[..VisibleLength] : text;
        var found = await verb.Api.SearchKeysAsync(isPrefix ? null : text, isPrefix ? shown : null, account, verb.Cancellation);

        // A name may be used again once its key is revoked.
        var usable = found.Where(key => key.Status != KeyAnswer.Revoked).ToList();
        return (usable.Count, found.Count) switch
        {
            (1, _) => usable[0],
            (0, 1) => found[0],
            (_, 0) => throw new OperatorApiException($"There is no key {shown}. 'keys list' shows them."),
            _ => throw new OperatorApiException(
                $"{shown} may be one of {found.Count} keys: {Named(usable.Count > 0 ? usable : found)}. Give one's number."),
        };
    }

    private static string Named(IReadOnlyList<KeyAnswer> keys) =>
        string.Join(", ", keys.Take(MostNamed)
            .Select(key => string.Create(CultureInfo.InvariantCulture, $"{key.Id} ({key.Prefix}, account {key.AccountId})")))
            + (keys.Count > MostNamed ? ", …" : "");
}
