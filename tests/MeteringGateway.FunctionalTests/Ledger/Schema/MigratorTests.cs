using MeteringGateway.Ledger.Epochs;
using MeteringGateway.Ledger.Schema;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Ledger.Schema;

[Collection(LedgerTestGroup.Name)]
public sealed class MigratorTests(LedgerPostgres postgres)
{
    private static readonly Migration _first = new("0001-a", "create table a (id int);", null);
    private static readonly Migration _second = new(
        "0002-b", "create table b (id int); insert into b values (1);",
        "do $$ begin if (select count(*) from b) <> 1 then raise exception 'b is not one'; end if; end $$;");

    [Fact]
    public async Task Run_EmbeddedFromEmpty_AppliesAllThenNothing()
    {
        await using var database = await postgres.NewDatabaseAsync();
        var embedded = Migration.Embedded();

        Assert.Equal(embedded.Select(m => m.Name), (await RunAsync(database, [.. embedded])).Applied);
        Assert.Empty((await RunAsync(database, [.. embedded])).Applied);
        Assert.NotEmpty(embedded);
    }

    [Fact]
    public async Task Run_FourAtOnce_OneApplies()
    {
        await using var database = await postgres.NewDatabaseAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunAsync(database, _first, _second)));

        Assert.All(results, r => Assert.Null(r.Refusal));
        Assert.Equal(2, results.Sum(r => r.Applied.Count));
    }

    [Fact]
    public async Task Run_AppliedMigrationChanged_RefusesByName()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await RunAsync(database, _first);

        var result = await RunAsync(database, _first with { Up = "create table a (id bigint);" }, _second);

        Assert.StartsWith("Migration 0001-a was changed after it was applied", result.Refusal, StringComparison.Ordinal);
        Assert.Equal(["0002-b"], (await RunAsync(database, _first, _second)).Applied);
    }

    [Fact]
    public async Task Run_DatabaseOfANewerVersion_Refuses()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await RunAsync(database, _first, _second);
        Assert.Contains("0002-b", (await RunAsync(database, _first)).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NumberBeforeAnAppliedOne_Refuses()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await RunAsync(database, _second);
        Assert.StartsWith(
            "Migration 0001-a comes before 0002-b", (await RunAsync(database, _first, _second)).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AssertionFails_UndoesEverything()
    {
        await using var database = await postgres.NewDatabaseAsync();
        var result = await RunAsync(database, _first, _second with { Up = "create table b (id int);" });

        Assert.Contains("b is not one", result.Refusal, StringComparison.Ordinal);
        Assert.Equal(["0001-a", "0002-b"], (await RunAsync(database, _first, _second)).Applied);
    }

    [Fact]
    public async Task EnsurePartitions_LaterStartWantsAnotherNumber_KeepsTheFirst()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await RunAsync(database, [.. Migration.Embedded()]);

        Assert.Equal(4, (await new PartitionSetup(database).EnsureAsync(4, default)).Count);
        Assert.Equal(4, (await new PartitionSetup(database).EnsureAsync(16, default)).Count);
    }

    private static Task<MigrationResult> RunAsync(NpgsqlDataSource database, params Migration[] migrations) =>
        new Migrator(database, migrations).RunAsync(default);
}
