using MeteringGateway.Scenarios.Targets;

namespace MeteringGateway.Scenarios.Model;

/// <summary>
/// One measured call of a scenario. The steps of a run follow each other; the first one's latency counts from when it was due.
/// </summary>
internal sealed record Step(string Name, Func<StepContext, Task<Response>> Run);

/// <summary>What a step knows of its run. One owner.</summary>
/// <param name="Number">Of the run within the scenario, from 0, in the order in which they were due.</param>
/// <param name="Seed">Of the command line: equal seeds pick equal keys, whatever the order of answers.</param>
/// <param name="Session">Of this load and no other: part of what must be new to the gateway.</param>
internal sealed record StepContext(
    long Number, int Seed, string Session, Dose Dose, KeyPool Keys, GatewayCalls Calls, CancellationToken Cancellation)
{
    /// <summary>Any key, each as likely as the others.</summary>
    public string AnyKey => Keys.All[(int)(Mixed((ulong)Number + ((ulong)(uint)Seed << 32)) % (ulong)Keys.All.Count)];

    /// <summary>Each key after the other.</summary>
    public string NextKey => Keys.All[(int)(Number % Keys.All.Count)];

    /// <summary>The finaliser of SplitMix64: neighbouring numbers come out far apart, and equal ones equal on every machine.</summary>
    private static ulong Mixed(ulong number)
    {
        unchecked
        {
            number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
            number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
            return number ^ (number >> 31);
        }
    }
}
