using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MeteringGateway.FunctionalTests.Calls.Metering;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Hosting.Management;

/// <summary>A gateway that listens in every way: for callers over HTTP/1.1 and HTTP/2, for operators over IPv4, IPv6 and TLS.</summary>
public sealed class ManagementFixture : IAsyncLifetime
{
    private readonly FakeProvider _provider = FakeProvider.Start();
    private readonly TemporaryDirectory _files = new();
    private Stores? _stores;

    public GatewayProcess Gateway { get; private set; } = null!;

    /// <summary>Of the addresses of Management:Urls, in their order.</summary>
    public IReadOnlyList<Uri> Management { get; } = [Free("http://127.0.0.1"), Free("http://[::1]"), Free("https://127.0.0.1")];

    public Uri Http2 { get; } = Free("http://127.0.0.1");

    /// <summary>The operator's side.</summary>
    public GatewayClient Operator { get; private set; } = null!;

    /// <summary>The callers' side.</summary>
    public GatewayClient Client => Gateway.Client;

    public async Task InitializeAsync()
    {
        _provider.Script = _ => FakeReply.Json("{}");
        WriteCertificate();
        _stores = await Stores.StartAsync();
        Gateway = await GatewayProcess.StartAsync(_stores, MeteringFixture.Config(_provider, _provider), new Dictionary<string, string>
        {
            ["ALPHA_KEY"] = "x",
            ["Http2__Urls"] = Http2.GetLeftPart(UriPartial.Authority),
            ["Management__Urls"] = string.Join(';', Management.Select(url => url.GetLeftPart(UriPartial.Authority))),
            ["Kestrel__Certificates__Default__Path"] = _files.In("certificate.pem"),
            ["Kestrel__Certificates__Default__KeyPath"] = _files.In("key.pem"),
        });
        Operator = new GatewayClient(Gateway.Management);
    }

    public async Task DisposeAsync()
    {
        Operator.Dispose();
        await Gateway.DisposeAsync();
        await _provider.DisposeAsync();
        await _stores!.DisposeAsync();
        _files.Dispose();
    }

    private static Uri Free(string host) => new($"{host}:{LoopbackPort.Free()}");

    private void WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(_files.In("certificate.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(_files.In("key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
