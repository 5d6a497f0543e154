using System.Globalization;
using MeteringGateway.Errors;

namespace MeteringGateway.Keys;

/// <summary>Which keys an operator looks for: those of that name, whose shown part begins so, of that account. Null: any.</summary>
internal sealed record KeyFilter(string? Name, string? Prefix, long? AccountId)
{
    public static Problem? Read(IQueryCollection query, out KeyFilter filter)
    {
        var errors = new List<FieldError>();
        long? account = null;
        if (Single(query, "account_id", errors) is { } number)
        {
            if (long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                account = id;
            }
            else
            {
                errors.Add(new FieldError("?account_id", "must be an account's number"));
            }
        }

        filter = new KeyFilter(Single(query, "name", errors), Single(query, "prefix", errors), account);
        return errors.Count == 0 ? null : Problem.InvalidRequest(errors);
    }

    private static string? Single(IQueryCollection query, string name, List<FieldError> errors)
    {
        if (!query.TryGetValue(name, out var values))
        {
            return null;
        }

        if (values.Count == 1 && values[0] is { Length: > 0 } value && !value.Contains('\0', StringComparison.Ordinal))
        {
            return value;
        }

        errors.Add(new FieldError("?" + name, "must be given once and not be empty"));
        return null;
    }
}
