using System.ComponentModel.DataAnnotations;

namespace MeteringGateway.Http.Bounds;

/// <summary>
/// What one client may have open and get wrong at a time, told from others by its address (behind <see cref="ProxiesOptions.Known"/>
/// proxies by the one that they name; of IPv6 by the first 64 bits): section <c>Clients</c>.
/// </summary>
internal sealed class ClientOptions
{
    public const string Section = "Clients";

    /// <summary>
    /// Connections of one address; one more is closed before it is read. An office of hundreds behind one address, or a load test, stays
    /// below; a stranger can't have all file descriptors. Known proxies are not counted, for theirs are those of all clients.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 2_000;

    /// <summary>
    /// Request bodies of one address that are under way: begun, and not there with their headers. 250 of 1 MiB fill what all calls
    /// together may buffer; small bodies come in one piece and are not counted. One more is refused with 429.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxUploads { get; set; } = 200;

    /// <summary>
    /// Calls with a credential that is none (401), of one address within <see cref="FailureWindow"/>; they come back evenly.
    /// Then such a call is answered 429 before anything is looked up. A credential that was good lately goes on,
    /// so that nobody locks out the office around him.
    /// </summary>
    [Range(1, 10_000_000)]
    public int MaxFailures { get; set; } = 600;

    /// <summary>Ten failures a second go on for ever: a mistyped key in a busy job is an error of its owner, not an attack.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan FailureWindow { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a client may take to read the next 64 KiB of its answer; then its connection is cut and the answer's memory is free.
    /// 2 KiB a second is less than the slowest mobile line gives.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReadPatience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The header block of a request, over HTTP/2 as it is unpacked: four times what browsers and SDKs send. Above it the request is
    /// answered 431 by the server.
    /// </summary>
    [Range(4 * 1024, 256 * 1024)]
    public int HeaderBytes { get; set; } = 16 * 1024;

    /// <summary>Headers of a request. SDKs send some twenty, a chain of proxies as many again; each is looked at.</summary>
    [Range(16, 1_000)]
    public int HeaderCount { get; set; } = 64;

    /// <summary>
    /// How long the headers may take from their first byte on: a client that sends a byte now and then would have a connection for ever.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan HeaderTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a connection stays open without a request: longer than the minute for which balancers keep theirs, so that none is closed
    /// as its next request goes out.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(75);

    /// <summary>
    /// Calls under way on one HTTP/2 connection; further ones wait at the client. With <see cref="MaxConnections"/> it bounds what one
    /// address can have under way.
    /// </summary>
    [Range(1, 10_000)]
    public int StreamsPerConnection { get; set; } = 100;

    /// <summary>
    /// Keys of which a gateway remembers whose they are, and so asks PostgreSQL every ten to twenty minutes and beside the call; of others
    /// each call waits for it. About 150 bytes each, for keys that are used.
    /// </summary>
    [Range(1_000, 100_000_000)]
    public int RememberedKeys { get; set; } = 1_000_000;
}
