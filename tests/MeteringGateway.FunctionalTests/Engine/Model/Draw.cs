namespace MeteringGateway.FunctionalTests.Engine.Model;

internal enum DrawKind
{
    Batch,
    Reserve,
    Admit,
    ReserveAgain,
    Commit,
    DelayCommit,
    DelayedCommit,
    Release,
    ReleaseExpired,
    Tombstone,
    Credit,
    Reverse,
    Flush,
    StaleTrim,
    Load,
    Change,
    Configure,
    Recover,
    Lose,
    SetClock,
    Inspect,
    SumHolds,
}

/// <summary>
/// One step before it is known what it will meet: a kind, and a seed for every choice it makes when its turn comes. So a sequence
/// can lose any of its steps and the rest still mean something, which is what makes it short after a failure.
/// </summary>
internal readonly record struct Draw(DrawKind Kind, int Seed)
{
    private static readonly DrawKind[] s_kinds =
    [
        .. Times(12, DrawKind.Batch), .. Times(16, DrawKind.Reserve), .. Times(5, DrawKind.Admit), .. Times(5, DrawKind.ReserveAgain),
        .. Times(20, DrawKind.Commit),
        .. Times(4, DrawKind.DelayCommit),
        .. Times(5, DrawKind.DelayedCommit), .. Times(4, DrawKind.Release), .. Times(6, DrawKind.ReleaseExpired),
        .. Times(2, DrawKind.Tombstone),
        .. Times(6, DrawKind.Credit), .. Times(3, DrawKind.Reverse), .. Times(6, DrawKind.Flush), .. Times(1, DrawKind.StaleTrim),
        .. Times(3, DrawKind.Load), .. Times(4, DrawKind.Change), .. Times(5, DrawKind.Configure), .. Times(2, DrawKind.Recover),
        .. Times(1, DrawKind.Lose), .. Times(10, DrawKind.SetClock), .. Times(4, DrawKind.Inspect), .. Times(2, DrawKind.SumHolds),
    ];

    public static List<Draw> Sequence(int seed, int length)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => new Draw(s_kinds[random.Next(s_kinds.Length)], random.Next()))];
    }

    private static IEnumerable<DrawKind> Times(int count, DrawKind kind) => Enumerable.Repeat(kind, count);
}
