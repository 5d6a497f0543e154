using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace MeteringGateway.Telemetry;

/// <summary>
/// The certificates that clients were shown, and when they expire. A renewed certificate takes the place of the one before it, which has
/// the same subject. Any number of callers at once.
/// </summary>
internal sealed class ServedCertificates
{
    /// <summary>The configuration names the certificates, so there are few.</summary>
    private const int MostSubjects = 100;

    private readonly ConcurrentDictionary<string, long> _expiries = new(StringComparer.Ordinal);

    /// <summary>Unix time in seconds; 0 as long as none was served.</summary>
    public long EarliestExpiry => _expiries.IsEmpty ? 0 : _expiries.Values.Min();

    /// <summary>Called for each TLS connection, before its handshake.</summary>
    public void Note(SslServerAuthenticationOptions connection)
    {
        if ((connection.ServerCertificateContext?.TargetCertificate ?? connection.ServerCertificate) is X509Certificate2 certificate)
        {
            Note(certificate.Subject, new DateTimeOffset(certificate.NotAfter).ToUnixTimeSeconds());
        }
    }

    internal void Note(string subject, long expiry)
    {
        if (_expiries.ContainsKey(subject) || _expiries.Count < MostSubjects)
        {
            _expiries[subject] = expiry;
        }
    }
}
