using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MeteringGateway.Telemetry;

namespace MeteringGateway.Tests.Telemetry;

public sealed class ServedCertificatesTests
{
    private readonly ServedCertificates _certificates = new();

    [Fact]
    public void EarliestExpiry_NoneServed_IsZero() => Assert.Equal(0, _certificates.EarliestExpiry);

    [Fact]
    public void EarliestExpiry_OfTwo_IsTheSoonerAndFollowsARenewal()
    {
        using var key = RSA.Create(2048);
        Serve(key, "CN=a", 2_000_000_000);
        Serve(key, "CN=b", 1_900_000_000);
        Assert.Equal(1_900_000_000, _certificates.EarliestExpiry);

        Serve(key, "CN=b", 2_100_000_000);
        Assert.Equal(2_000_000_000, _certificates.EarliestExpiry);
    }

    [Fact]
    public void Note_SubjectsWithoutEnd_AreBounded()
    {
        for (var i = 0; i < 1_000; i++)
        {
            _certificates.Note($"CN={i}", 1_000 - i);
        }

        Assert.Equal(901, _certificates.EarliestExpiry);
    }

    private void Serve(RSA key, string subject, long expiry)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.FromUnixTimeSeconds(expiry));
        _certificates.Note(new SslServerAuthenticationOptions { ServerCertificate = certificate });
    }
}
