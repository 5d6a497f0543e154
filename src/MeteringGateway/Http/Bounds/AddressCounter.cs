using System.Collections.Concurrent;
using System.Net;

namespace MeteringGateway.Http.Bounds;

/// <summary>
/// How much of one kind each client address has open. As large as the number of addresses that have something open.
/// Any number of callers at once.
/// </summary>
internal sealed class AddressCounter(int bound)
{
    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);

    /// <summary>False: this one is too many, and is not counted.</summary>
    public bool TryEnter(IPAddress? address)
    {
        var subject = ClientAddress.Subject(address);
        if (_open.AddOrUpdate(subject, 1, static (_, count) => count + 1) <= bound)
        {
            return true;
        }

        Leave(subject);
        return false;
    }

    public void Leave(IPAddress? address) => Leave(ClientAddress.Subject(address));

    private void Leave(string subject)
    {
        var left = _open.AddOrUpdate(subject, 0, static (_, count) => count - 1);
        if (left == 0)
        {
            // Only while it is still 0: another one may have come in between.
            _open.TryRemove(new KeyValuePair<string, int>(subject, 0));
        }
    }
}
