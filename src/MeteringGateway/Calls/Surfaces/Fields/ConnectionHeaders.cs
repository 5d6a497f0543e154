using System.Collections.Frozen;
using MeteringGateway.Http.Authentication;

namespace MeteringGateway.Calls.Surfaces.Fields;

/// <summary>The headers of a client's request that no provider gets, whatever the surface says.</summary>
internal static class ConnectionHeaders
{
    /// <summary>
    /// Who the client is; what concerns its connection alone (RFC 9110, 7.6.1) or frames the message; what the gateway says itself; what
    /// makes another method or path of a request in some frameworks, which is not the one that was priced.
    /// </summary>
    private static readonly FrozenSet<string> s_names = CredentialHeaders.Names.Concat(
        [
            "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer",
            "Transfer-Encoding", "Upgrade", "HTTP2-Settings", "Forwarded", "Accept-Encoding", "Idempotency-Key", "X-Test-Scenario",
            "X-Request-Id", "Host", "Expect", "Content-Length", "X-Content-Length", "X-HTTP-Method", "X-HTTP-Method-Override",
            "X-Method-Override", "X-Original-URL", "X-Original-URI", "X-Rewrite-URL",
        ]).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool Contains(string name) =>
        s_names.Contains(name) || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase);
}
