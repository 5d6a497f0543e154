using System.CommandLine;
using MeteringGateway.FaultTests;
using MeteringGateway.FaultTests.Mutations;
using MeteringGateway.Testing;

var seed = new Option<int>("--seed") { Description = "Decides which faults come in which order.", DefaultValueFactory = _ => 1 };
var minutes = new Option<double>("--minutes") { Description = "How long; a round takes a minute.", DefaultValueFactory = _ => 1 };
var everySecond = new Option<bool>("--everysec")
{
    Description =
        "Redis syncs once a second and loses the end of its file when it is killed: forgotten charges are counted, "
        + "nothing else is allowed.",
};
var command =
    new RootCommand("Random faults against real gateways, Redis, PostgreSQL and providers; the books are checked after each round.")
    {
        seed, minutes, everySecond,
    };
command.SetAction(parsed => RunAsync(parsed.GetValue(seed), TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(everySecond)));
var only = new Option<string?>("--only") { Description = "Those whose name has this text." };
var mutate = new Command("mutate", "Takes the protections of the books away, one at a time, in a copy of the repository, "
    + "and expects tests to fail. Ends with 1 when one did not.") { only };
mutate.SetAction(async parsed => await MutationRun.RunAsync(parsed.GetValue(only), Console.Out) == 0 ? 0 : 1);
command.Subcommands.Add(mutate);
var runs = new Option<int>("--runs") { Description = "How many times a gateway is killed.", DefaultValueFactory = _ => 12 };
var payments = new Command(
    "payments",
    "Kills a gateway between any two steps of purchases through doubles of Stripe and Creem. Ends with 1 where a payment has not exactly "
    + "one credit, or a credit no payment.")
{
    seed, runs,
};
payments.SetAction(async parsed =>
{
    await using var world = await PaymentWorld.StartAsync();
    var report = await new PaymentKills(world, parsed.GetValue(seed), Console.Out).RunAsync(parsed.GetValue(runs));
    return report.Problems.Count == 0 ? 0 : 1;
});
command.Subcommands.Add(payments);
return await command.Parse(args).InvokeAsync();

static async Task<int> RunAsync(int seed, TimeSpan length, bool everySecond)
{
    var world = everySecond ? new EverySecondWorld() : new FaultWorld();
    await world.InitializeAsync();
    var reports = new List<BooksReport>();
    try
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var round = 1; TimeProvider.System.GetElapsedTime(started) < length
            && reports.All(report => report.Problems.Count == 0); round++)
        {
            reports.Add(await new RandomFaults(world, unchecked((seed * 1_000) + round), Console.Out).RunAsync(
                round, TimeSpan.FromSeconds(40), everySecond));
        }
    }
    finally
    {
        await world.DisposeAsync();
    }

    var whole = reports.TrueForAll(report => report.Problems.Count == 0);
    Console.WriteLine(BooksReport.Head);
    reports.ForEach(report => Console.WriteLine(report.Row));
    Console.WriteLine(
        $"{reports.Count} rounds, {reports.Sum(report => report.Requests)} requests, {reports.Sum(report => report.Charged)} charged, "
            + $"{reports.Sum(report => report.Lost)} lost, {reports.Sum(report => report.Forgotten)} forgotten, "
            + $"{reports.Sum(report => report.Doubled)} doubled, "
            + $"{reports.Sum(report => report.Overspent)} overspent, drift {reports.Sum(report => report.Drift)}: "
            + $"{(whole ? "no finding" : "FINDINGS")}");
    return whole ? 0 : 1;
}
