using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using MeteringGateway.Configuration;
using MeteringGateway.Http.Authentication;

namespace MeteringGateway.Calls.Surfaces.Fields;

/// <summary>Reads a surface's <c>PassHeaders</c>: what of a client's request its provider is told, beside what all are.</summary>
internal static partial class PassHeadersReader
{
    /// <summary>They go to every provider anyway.</summary>
    private static readonly FrozenSet<string> s_always = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "Accept", "Content-Type");

    /// <summary>
    /// The client's credentials; what belongs to one connection or frames the message; what the gateway decides or answers itself; and what
    /// only a proxy may say.
    /// </summary>
    private static readonly FrozenSet<string> s_never = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        [
            .. CredentialHeaders.Names, "Set-Cookie", "Proxy-Authorization", "Proxy-Authenticate", "Proxy-Connection", "Connection",
            "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Expect", "Host", "Content-Length", "Content-Encoding",
            "Accept-Encoding", "Idempotency-Key", "X-Request-Id", "X-Test-Scenario", "Forwarded", "Via", "X-Real-IP",
        ]);

    public static ImmutableArray<string> Read(SectionFields fields, ConfigurationErrors errors)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var element in fields.List("PassHeaders") ?? [])
        {
            if (element.Value is not { } name || !NameForm().IsMatch(name))
                errors.Add(element.Path, element.Value, "a header's name like X-Trace");
            else if (s_always.Contains(name))
                errors.Add(element.Path, name, "left out: it goes to every provider anyway");
            else if (s_never.Contains(name) || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase))
                errors.Add(element.Path, name, "left out: it belongs to the client's connection or to the gateway, and goes no further");
            else if (names.Contains(name, StringComparer.OrdinalIgnoreCase))
                errors.Add(element.Path, name, "named once");
            else
                names.Add(name);
        }
        return names.ToImmutable();
    }

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}\z")]
    private static partial Regex NameForm();
}
