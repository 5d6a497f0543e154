namespace MeteringGateway.Compare.Load;

/// <summary>Where load goes and with which keys of the file: a run of them, at random or each in turn.</summary>
internal sealed record LoadTarget(Uri Url, string KeyFile, int Keys)
{
    public int First { get; init; }
    public bool EachInTurn { get; init; }
    public string Surface { get; init; } = "fast";

    public string Body => $$"""{"surface":"{{Surface}}","query":"what is the answer?"}""";
}
