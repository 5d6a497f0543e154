using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace MeteringGateway.Ledger;

/// <summary>A query parameter that can't be taken, and why.</summary>
internal readonly record struct ParameterFault(string Parameter, string Detail);

/// <summary>Reads <c>account_id</c>, <c>type</c>, <c>limit</c> and <c>offset</c> of a request, all faults at once.</summary>
internal static class LedgerQueryReader
{
    private const int DefaultLimit = 50;
    private const int MostLimit = 200;
    private const int LongestType = 64;

    public static LedgerQuery? Read(IQueryCollection parameters, List<ParameterFault> faults)
    {
        var account = Number(parameters, "account_id", 1, long.MaxValue, "an account's number", faults);
        var limit = Number(parameters, "limit", 1, MostLimit, $"a whole number from 1 to {MostLimit}", faults);
        var offset = Number(parameters, "offset", 0, long.MaxValue, "a whole number, 0 or more", faults);
        var type = Single(parameters, "type", faults);
        if (type is not null && (type.Length is 0 or > LongestType || type.Any(char.IsControl)))
        {
            faults.Add(new ParameterFault("type", $"has to be an entry's type, 1 to {LongestType} characters; leave it out for all"));
        }

        return faults.Count > 0 ? null : new LedgerQuery(account, type, (int)(limit ?? DefaultLimit), offset ?? 0);
    }

    private static long? Number(IQueryCollection parameters, string name, long least, long most, string wanted, List<ParameterFault> faults)
    {
        if (Single(parameters, name, faults) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        faults.Add(new ParameterFault(name, $"has to be {wanted}"));
        return null;
    }

    private static string? Single(IQueryCollection parameters, string name, List<ParameterFault> faults)
    {
        if (!parameters.TryGetValue(name, out var values) || values == StringValues.Empty)
        {
            return null;
        }

        if (values.Count > 1)
        {
            faults.Add(new ParameterFault(name, "is given more than once"));
            return null;
        }

        return values[0];
    }
}
