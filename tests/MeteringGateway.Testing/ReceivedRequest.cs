using System.Text;

namespace MeteringGateway.Testing;

/// <summary>A request as it came over the wire: headers in order, with repeats, and the body's bytes.</summary>
public sealed record ReceivedRequest(string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string? Header(string name) =>
        Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(header => header.Value).FirstOrDefault();
}
