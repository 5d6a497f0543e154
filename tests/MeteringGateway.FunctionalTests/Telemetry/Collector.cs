using System.Globalization;
using System.Text;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Telemetry;

/// <summary>A span as it came over the wire; ids in lower-case hex.</summary>
internal sealed record ReceivedSpan(
    string Trace, string Id, string Parent, string Name, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> LinkedTraces);

/// <summary>A collector of OTLP over HTTP, and what it was sent. Field numbers are those of opentelemetry-proto.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly FakeProvider _server = FakeProvider.Start(new FakeReply { ContentType = "application/x-protobuf" });

    public string Address => _server.Address;

    public IReadOnlyList<ReceivedSpan> Spans =>
        [.. Sent("/v1/traces").SelectMany(request => request.All(1)).SelectMany(resource => resource.All(2))
            .SelectMany(scope => scope.All(2)).Select(Span)];

    public IReadOnlyList<string> Metrics =>
        [.. Sent("/v1/metrics").SelectMany(request => request.All(1)).SelectMany(resource => resource.All(2))
            .SelectMany(scope => scope.All(2)).Select(metric => metric.Text(1)).Distinct()];

    /// <summary>What the resources of all spans say.</summary>
    public IReadOnlyDictionary<string, string> Resource =>
        Tags(Sent("/v1/traces").SelectMany(request => request.All(1)).SelectMany(resource => resource.All(1)).First(), 1);

    /// <summary>All of it, to look for what must not be there.</summary>
    public string Text => string.Concat(_server.Requests.Select(request => Encoding.Latin1.GetString(request.Body)));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static ReceivedSpan Span(ProtoMessage span) => new(
        span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), Tags(span, 9), [.. span.All(13).Select(link => link.Hex(1))]);

    private static Dictionary<string, string> Tags(ProtoMessage message, int field) => message.All(field)
        .ToDictionary(tag => tag.Text(1), tag => tag.All(2).Single() is var value && value.Text(1) is { Length: > 0 } text
            ? text
            : value.Number(3).ToString(CultureInfo.InvariantCulture));

    private IEnumerable<ProtoMessage> Sent(string path) =>
        _server.Requests.Where(request => request.Target == path).Select(request => new ProtoMessage(request.Body));
}
