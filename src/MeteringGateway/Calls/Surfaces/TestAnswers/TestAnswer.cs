namespace MeteringGateway.Calls.Surfaces.TestAnswers;

/// <summary>What test keys get in a provider's place: the same at each call, so that a client's tests can count on it.</summary>
/// <param name="Json">One JSON document: the answer to a request that asks for no stream.</param>
/// <param name="Events">What a request with <c>stream: true</c> gets: each is a whole event, with its blank line.</param>
internal sealed record TestAnswer(ReadOnlyMemory<byte> Json, IReadOnlyList<ReadOnlyMemory<byte>> Events);
