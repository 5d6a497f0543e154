using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MeteringGateway.FunctionalTests.Calls.Metering;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Http.Edge;

/// <summary>HTTP/2 from clients: without TLS at its own address, with TLS by ALPN; each call there is a metered call.</summary>
public sealed class Http2Tests : IAsyncLifetime
{
    private const string Body = """{"surface":"search"}""";

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeProvider _provider = FakeProvider.Start();
    private readonly Uri _plain = new($"http://127.0.0.1:{LoopbackPort.Free()}");
    private readonly Uri _operators = new($"http://127.0.0.1:{LoopbackPort.Free()}");
    private readonly Uri _tls = new($"https://localhost:{LoopbackPort.Free()}");
    private Stores _stores = null!;

    private object Config => MeteringFixture.Config(_provider, _provider);

    public async Task InitializeAsync() => _stores = await Stores.StartAsync();

    public async Task DisposeAsync()
    {
        await _provider.DisposeAsync();
        await _stores.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Query_OverHttp2WithoutTls_IsChargedAndHttp11IsRefusedThere()
    {
        await using var gateway = await GatewayProcess.StartAsync(
            _stores, Config, new Dictionary<string, string> { ["ALPHA_KEY"] = "x", ["Http2__Urls"] = Authority(_plain) });
        var key = await NewKeyAsync(gateway.Client);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        Assert.Equal((200, 2, 0, "2"), await QueryAsync(client, _plain, key, HttpVersion.Version20));
        Assert.Equal((200, 1, 1, "2"), await QueryAsync(client, gateway.Address, key, HttpVersion.Version11));
        await Assert.ThrowsAsync<HttpRequestException>(() => QueryAsync(client, gateway.Address, key, HttpVersion.Version20));
        var refused = await RawClient.SendAsync(_plain, $"POST /api/v1/query HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");
        Assert.True(refused.IsClosed);
        Assert.DoesNotContain("HTTP/1.1 200", refused.Text, StringComparison.Ordinal);
        Assert.Equal(2, _provider.Count);
    }

    [Fact]
    public async Task Query_OverTls_ChoosesItsVersionByAlpn()
    {
        var (path, password, hash) = Certificate();
        await using var gateway = await GatewayProcess.LaunchAsync(_stores, Config, new Dictionary<string, string>
        {
            ["ALPHA_KEY"] = "x",
            ["Kestrel__Endpoints__operators__Url"] = Authority(_operators),
            ["Kestrel__Endpoints__tls__Url"] = Authority(_tls),
            ["Kestrel__Endpoints__tls__Certificate__Path"] = path,
            ["Kestrel__Endpoints__tls__Certificate__Password"] = password,
            ["Http2__Urls"] = Authority(_plain),
        });
        using var operators = new GatewayClient(_operators);
        await Eventually.TrueAsync(() => IsAliveAsync(operators), () => gateway.Log, TimeSpan.FromSeconds(60));
        var key = await NewKeyAsync(operators);
        using var trusting = new SocketsHttpHandler { UseProxy = false };
        trusting.SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == hash,
        };
        using var client = new HttpClient(trusting);

        Assert.Equal((200, 2, 0, "2"), await QueryAsync(client, _tls, key, HttpVersion.Version20));
        Assert.Equal((200, 1, 1, "2"), await QueryAsync(client, _tls, key, HttpVersion.Version11));
        Assert.Equal((200, 2, 0, "2"), await QueryAsync(client, _plain, key, HttpVersion.Version20));
    }

    private static async Task<(int Status, int Major, int Minor, string Charged)> QueryAsync(
        HttpClient client, Uri gateway, string key, Version version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, "/api/v1/query"))
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent(Body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await client.SendAsync(request);
        return ((int)answer.StatusCode, answer.Version.Major, answer.Version.Minor, answer.Headers.GetValues("X-Credits-Charged").Single());
    }

    private static async Task<bool> IsAliveAsync(GatewayClient client)
    {
        try
        {
            return (await client.SendAsync(HttpMethod.Get, "healthz", null, null)).Status == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<string> NewKeyAsync(GatewayClient client)
    {
        _provider.Script = _ => FakeReply.Json("{}");
        return await client.CreateKeyAsync(await client.CreateAccountAsync(100));
    }

    private static string Authority(Uri address) => address.GetLeftPart(UriPartial.Authority);

    private (string Path, string Password, string Hash) Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var path = _directory.In("own.pfx");
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pfx, "p"));
        return (path, "p", certificate.GetCertHashString());
    }
}
