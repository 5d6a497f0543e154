using MeteringGateway.Compare.Load;

namespace MeteringGateway.Compare.Rounds;

/// <summary>What one round measured of one subject. Immutable.</summary>
/// <param name="Closed">At full load.</param>
/// <param name="Half">Open-loop at half of the subject's capacity.</param>
/// <param name="Single">One connection, closed loop.</param>
/// <param name="FromOutside">Share of Redis's commands that came from outside of scripts.</param>
internal sealed record RoundResult(int Round, string Subject, Window Closed, LoadResult Half, LoadResult Single, double FromOutside);
