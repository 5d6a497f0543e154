using BenchmarkDotNet.Attributes;
using MeteringGateway.Http.Authentication;
using Microsoft.AspNetCore.Http;

namespace MeteringGateway.Benchmarks;

/// <summary>Who calls.</summary>
public class CredentialBenchmarks
{
    private readonly string _key = ApiKeySecret.Create(KeyMode.Live).Text;
    private readonly IHeaderDictionary _headers = new HeaderDictionary();

    public CredentialBenchmarks() => _headers.Authorization = "Bearer " + _key;

    [Benchmark(Description = "read the credential of a request")]
    public bool Read() => Credential.Read(_headers) != default;

    [Benchmark(Description = "check and hash a key")]
    public bool Hash() => ApiKeySecret.TryParse(_key, out _);

    [Benchmark(Description = "refuse a key with a wrong checksum")]
    public bool Refuse() => ApiKeySecret.TryParse(_key.AsSpan()[..^1].ToString() + (_key[^1] == 'a' ? 'b' : 'a'), out _);
}
