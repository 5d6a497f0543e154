using System.Globalization;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;

namespace MeteringGateway.Http.OpenApi;

/// <summary>Every code that an operation may be refused with: those that follow from what it takes, and its own.</summary>
internal static class OperationCodes
{
    private static readonly Dictionary<string, ErrorCode> s_byName = Enum.GetValues<ErrorCode>()
        .ToDictionary(code => ErrorCatalog.Of(code).Name);

    /// <param name="note">What it takes.</param>
    /// <param name="group">Whose credentials it asks for.</param>
    /// <param name="hasPath">Whether its path names a thing.</param>
    public static IReadOnlyList<(ErrorCode Code, int Status)> Of(OperationNote note, CredentialsFirst? group, bool hasPath)
    {
        var codes = new SortedSet<ErrorCode> { ErrorCode.InternalError };
        if (!note.AnyQuery || note.Body is not null)
        {
            AddCommon(codes, note, group, hasPath);
        }

        var own = note.Codes.Select(Read).ToDictionary(one => one.Code, one => one.Status);
        codes.UnionWith(own.Keys);
        codes.ExceptWith(note.Never.Select(name => s_byName[name]));
        return [.. codes.Select(code => (code, own.GetValueOrDefault(code) ?? ErrorCatalog.Of(code).Status))];
    }

    /// <summary>A probe has none of these: it reads nothing of the request.</summary>
    private static void AddCommon(SortedSet<ErrorCode> codes, OperationNote note, CredentialsFirst? group, bool hasPath)
    {
        codes.UnionWith([ErrorCode.InvalidRequest, ErrorCode.MeteringUnavailable]);
        if (note.Body is not null)
        {
            codes.UnionWith([
                ErrorCode.InvalidJson, ErrorCode.BodyTooLarge, ErrorCode.UnsupportedMediaType, ErrorCode.RequestTimeout,
                ErrorCode.Overloaded]);

            // Too many uploads of one address.
            codes.Add(ErrorCode.RateLimited);
            if (group == CredentialsFirst.Account || group == CredentialsFirst.Session)
            {
                codes.Add(ErrorCode.RoleRequired);
            }
        }

        if (hasPath)
        {
            codes.Add(ErrorCode.NotFound);
        }

        if (group is not null)
        {
            // The second for an address that came with too many wrong ones.
            codes.UnionWith([ErrorCode.InvalidKey, ErrorCode.RateLimited]);
        }

        if (group == CredentialsFirst.Operator || group == CredentialsFirst.Session)
        {
            codes.Add(ErrorCode.Forbidden);
        }

        if (group == CredentialsFirst.Account || group == CredentialsFirst.Session)
        {
            codes.Add(ErrorCode.AccountSuspended);
        }
    }

    /// <summary><c>payment_declined=400</c> is a code that this operation answers with a status of its own.</summary>
    private static (ErrorCode Code, int? Status) Read(string text)
    {
        var parts = text.Split('=');
        return (s_byName[parts[0]], parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : null);
    }
}
