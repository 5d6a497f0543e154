using System.Text.Json;

namespace MeteringGateway.Http.Errors;

/// <summary>
/// Metadata of endpoints whose refusals begin with members of their own, for published APIs with another shape. A problem may have any
/// members (RFC 9457), so both kinds of clients find theirs.
/// </summary>
internal sealed record ProblemPrefix(Action<Utf8JsonWriter, Problem> Write);
