using MeteringGateway.Compare.Measuring;
using MeteringGateway.Compare.Subjects;
using MeteringGateway.Load.Measuring;

namespace MeteringGateway.Compare.Rounds;

/// <summary>What a subject has used so far: the difference of two is what it used in between.</summary>
/// <param name="Processor">Microseconds by part.</param>
/// <param name="Others">Microseconds of the machine's processors that went to programs outside of this run.</param>
/// <param name="Allocated">Bytes; 0 where nobody tells.</param>
internal sealed record Sample(IReadOnlyDictionary<string, double> Processor, double Others, long Allocated, RedisInfo? Redis, long Entries)
{
    /// <summary>Before a load: what is asked of PostgreSQL here is not to count as the load's.</summary>
    public static async Task<Sample> BeforeAsync(Subject subject, CancellationToken cancellation)
    {
        var entries = await EntriesAsync(subject, cancellation);
        return Take(subject) with { Entries = entries };
    }

    public static async Task<Sample> AfterAsync(Subject subject, CancellationToken cancellation)
    {
        var sample = Take(subject);
        return sample with { Entries = await EntriesAsync(subject, cancellation) };
    }

    private static async Task<long> EntriesAsync(Subject subject, CancellationToken cancellation) =>
        subject.Ledger is { } ledger ? await ledger.EntriesAsync(cancellation) : 0;

    private static Sample Take(Subject subject)
    {
        var processor = subject.Parts.GroupBy(part => part.Name)
            .ToDictionary(parts => parts.Key, parts => parts.Sum(part => ProcessTree.Processor(part.Pid)));
        return new Sample(
            processor, ProcessTree.Others(),
            subject.AllocationSocket is { } socket ? Allocations.Read(socket) : 0, Info(subject.RedisPort), 0);
    }

    private static RedisInfo? Info(int? port)
    {
        if (port is not { } redis)
        {
            return null;
        }

        using var probe = new RedisProbe(redis);
        return probe.Info();
    }
}
