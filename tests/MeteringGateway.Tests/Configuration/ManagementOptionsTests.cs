using MeteringGateway.Configuration;
using MeteringGateway.Tests.Http.Edge;

namespace MeteringGateway.Tests.Configuration;

public sealed class ManagementOptionsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:9464", "http://127.0.0.1:8080")]
    [InlineData("http://127.0.0.2:8080", "http://127.0.0.1:8080")]
    [InlineData("http://[::1]:9464;http://127.0.0.1:9465", "http://0.0.0.0:8080")]
    [InlineData("http://127.0.0.1:0", "http://127.0.0.1:0")]
    public void Read_AddressesOfItsOwn_AreTaken(string management, string urls)
    {
        var (options, lines) = Read(("Management:Urls", management), ("Urls", urls));

        Assert.Empty(lines);
        Assert.Equal(management.Split(';'), options.Urls);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", "Urls", "http://127.0.0.1:8080")]
    [InlineData("http://localhost:8080", "Urls", "http://127.0.0.1:8080")]
    [InlineData("http://127.0.0.1:8080", "Urls", "http://127.0.0.1:9000;http://*:8080")]
    [InlineData("http://[::]:8080", "Urls", "http://127.0.0.1:8080")]
    [InlineData("http://[::1]:8080", "Urls", "http://localhost:8080")]
    [InlineData("http://any.name:8080", "Urls", "http://127.0.0.1:8080")]
    [InlineData("http://127.0.0.1:8081", "Http2:Urls", "http://127.0.0.1:8081")]
    [InlineData("http://127.0.0.1:8081", "Http2:Urls:0", "http://127.0.0.1:8081")]
    [InlineData("http://0.0.0.0:8443", "Kestrel:Endpoints:a:Url", "https://10.0.0.1:8443")]
    public void Read_AddressOfCallers_IsRefusedWithTheOtherOne(string management, string key, string other)
    {
        var (_, lines) = Read(("Management:Urls", management), (key, other));

        var line = Assert.Single(lines);
        Assert.StartsWith($"Management:Urls is '{management}': must be another address than ", line, StringComparison.Ordinal);
        Assert.Contains($" of {key.Replace(":0", "", StringComparison.Ordinal)}: ", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9464", "must be listen addresses like http://127.0.0.1:9464")]
    [InlineData("http://127.0.0.1:9464/admin", "must be listen addresses like")]
    [InlineData("http://127.0.0.1:70000", "must be listen addresses like")]
    [InlineData("http://127.0.0.1:9464;http://127.0.0.1:9464", "of Management:Urls")]
    [InlineData("https://127.0.0.1:9464", "must be an http address, or Kestrel:Certificates:Default must name the certificate")]
    public void Read_WhatCantBeListenedOn_IsRefusedWithWhatWouldBeRight(string management, string right)
    {
        var (_, lines) = Read(("Management:Urls", management));

        Assert.Contains(right, Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TlsWithTheCertificateOfAll_IsTaken()
    {
        var (_, lines) = Read(("Management:Urls", "https://127.0.0.1:9464"), ("Kestrel:Certificates:Default:Path", "certificate.pem"));

        Assert.Empty(lines);
    }

    private static (ManagementOptions Options, IReadOnlyList<string> Lines) Read(params (string, string)[] settings)
    {
        var errors = new ConfigurationErrors();
        return (ManagementOptions.Read(PublicUrlTests.Settings(settings), errors), errors.Lines);
    }
}
