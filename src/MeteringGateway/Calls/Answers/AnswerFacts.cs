using MeteringGateway.Calls.Providers;

namespace MeteringGateway.Calls.Answers;

/// <summary>What the answer to a call says beside the provider's body, in its envelope or in headers.</summary>
/// <param name="Charged">0: nothing was.</param>
/// <param name="Remaining">The balance after the charge; null: not known.</param>
internal readonly record struct AnswerFacts(
    string RequestId, string Surface, string Provider, long Charged, long? Remaining, IReadOnlyList<AttemptReport> Attempts);
