using MeteringGateway.Http.Errors;

namespace MeteringGateway.Http.Requests;

/// <summary>
/// What is wrong with a request's query as such, whatever the values mean. Kept as a feature where the credentials come first.
/// </summary>
internal sealed record QueryRefusal(Problem Problem)
{
    /// <summary>For an endpoint that has just accepted the credentials; null: nothing is wrong.</summary>
    public static Problem? Of(HttpContext context) => context.Features.Get<QueryRefusal>()?.Problem;
}

/// <summary>
/// A parameter that nobody reads is a filter that the caller believes in: it is refused by name, with those that exist, and so is one that
/// is there twice or that no store could take.
/// </summary>
internal static class QueryGuard
{
    public const string Twice = "is given more than once";

    /// <summary>The names are as they are documented, in this case: a second spelling of one name is a slip as well.</summary>
    public static Problem? Check(IQueryCollection query, IReadOnlyCollection<string> known)
    {
        List<FieldError>? errors = null;
        string? unknown = null;
        foreach (var (name, values) in query)
        {
            var fault = !known.Contains(name, StringComparer.Ordinal) ? unknown ??= Unknown(known)
                : values.Count > 1 ? Twice
                : values is [null or ""] ? "is empty; leave it out for all"
                : values is [{ } text] && !WireText.IsStorable(text) ? "must be without control characters"
                : null;
            if (fault is not null)
            {
                (errors ??= []).Add(new FieldError("?" + Shown(name), fault));
            }
        }

        return errors is null ? null : Problem.InvalidRequest(errors);
    }

    private static string Unknown(IReadOnlyCollection<string> known) =>
        known.Count == 0
            ? "is not a parameter of this call, which has none"
            : "is not a parameter of this call; there are " + string.Join(", ", known);

    private static string Shown(string name) => name.Length <= 64 ? name : name[..64] + "…";
}
