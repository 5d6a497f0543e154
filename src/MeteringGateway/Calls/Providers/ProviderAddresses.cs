using System.Collections.Concurrent;
using MeteringGateway.Calls.Surfaces;
using Yarp.ReverseProxy.Forwarder;

namespace MeteringGateway.Calls.Providers;

/// <summary>
/// What attempts call: a destination's address with the path of its provider. An address is read once, for reading one costs more than
/// the forwarder's own work. Any number of callers at once.
/// </summary>
internal sealed class ProviderAddresses
{
    /// <summary>
    /// Some providers with some destinations each, over many reloads. What is beyond is read at each attempt: a client can spell the
    /// path of a request in many ways.
    /// </summary>
    private const int Most = 1024;

    private readonly ConcurrentDictionary<(string Destination, string Path, bool IsConfigured), Uri> _read = new();
    private int _count;

    /// <param name="destination">The address of the destination, as it is configured.</param>
    /// <param name="configured">The provider's own path; null: that of the request, and never the client's query.</param>
    /// <param name="requested">The path of the request.</param>
    public Uri Of(string destination, string? configured, PathString requested)
    {
        // The two kinds of path are encoded in two ways.
        var key = (destination, configured ?? requested.Value ?? "", configured is not null);
        if (_read.TryGetValue(key, out var known))
        {
            return known;
        }

        var address = configured is not null
            ? ProviderPath.Under(destination, configured)
            : RequestUtilities.MakeDestinationAddress(destination, requested, QueryString.Empty);
        if (Volatile.Read(ref _count) < Most && _read.TryAdd(key, address))
        {
            Interlocked.Increment(ref _count);
        }

        return address;
    }
}
