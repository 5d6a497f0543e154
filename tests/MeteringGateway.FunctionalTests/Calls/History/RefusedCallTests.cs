using Dapper;
using MeteringGateway.Calls.History;
using MeteringGateway.FunctionalTests.Accounts.People;
using MeteringGateway.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Calls.History;

/// <summary>The notes of calls that were not charged are bounded: in memory, in age and in number.</summary>
[Collection(PeopleTestGroup.Name)]
public sealed class RefusedCallTests(PeopleGateway gateway)
{
    private readonly long _account = Random.Shared.NextInt64(1_000_000_000, long.MaxValue);

    [Fact]
    public async Task Notes_MoreThanMayWait_AreDroppedNewestFirstAndCounted()
    {
        const int Accounts = CallLog.MostWaiting / CallLog.MostOfAccount;
        var before = await DroppedAsync();
        using var log = Log();
        for (var i = 0; i < CallLog.MostWaiting; i++)
        {
            log.Add(Call($"{i}") with { AccountId = _account - 1 - (i % Accounts) });
        }

        log.Add(Call("over"));
        log.Add(Call("over it"));
        Assert.NotNull(await log.FindAsync(_account - Accounts, $"{_account}-{CallLog.MostWaiting - 1}", default));
        Assert.Null(await log.FindAsync(_account, Call("over").RequestId, default));
        Assert.Equal(before + 2, await DroppedAsync());
        await log.WriteAsync(default);
        Assert.Equal(CallLog.MostWaiting, await CountAsync(Accounts));

        // There is room again.
        log.Add(Call("again"));
        Assert.NotNull(await log.FindAsync(_account, $"{_account}-again", default));
        Assert.Null(await log.FindAsync(_account + 1, $"{_account}-again", default));
    }

    [Fact]
    public async Task Notes_OfOneAccount_LeaveRoomForThoseOfOthers()
    {
        var before = await DroppedAsync();
        using var log = Log();
        for (var i = 0; i <= CallLog.MostOfAccount; i++)
        {
            log.Add(Call($"{i}"));
        }

        log.Add(Call("other") with { AccountId = _account - 1 });
        Assert.NotNull(await log.FindAsync(_account, $"{_account}-{CallLog.MostOfAccount - 1}", default));
        Assert.Null(await log.FindAsync(_account, $"{_account}-{CallLog.MostOfAccount}", default));
        Assert.NotNull(await log.FindAsync(_account - 1, $"{_account}-other", default));
        Assert.Equal(before + 1, await DroppedAsync());

        // There is room again, once for each note that was written.
        await log.WriteAsync(default);
        for (var i = 0; i <= CallLog.MostOfAccount; i++)
        {
            log.Add(Call($"again{i}"));
        }

        Assert.NotNull(await log.FindAsync(_account, $"{_account}-again{CallLog.MostOfAccount - 1}", default));
        Assert.Null(await log.FindAsync(_account, $"{_account}-again{CallLog.MostOfAccount}", default));
    }

    [Fact]
    public async Task Note_OfACallThatIsNoted_ChangesNothing()
    {
        using var log = Log();
        log.Add(Call("one") with { Code = "first" });
        log.Add(Call("one") with { Code = "second" });
        await log.WriteAsync(default);
        log.Add(Call("one") with { Code = "third" });
        await log.WriteAsync(default);
        Assert.Equal("first", (await log.FindAsync(_account, Call("one").RequestId, default))?.Code);
        Assert.Equal(1, await CountAsync());
    }

    /// <summary>Of a hold that expired, and of the call that it was one of two of.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Note_OfAnExpiry_GivesWayToThatOfTheCall(bool isWritten)
    {
        using var log = Log();
        log.Add(Call("one") with { Code = RefusedCall.Expired, Surface = null });
        if (isWritten)
        {
            await log.WriteAsync(default);
        }

        log.Add(Call("one") with { Code = "providers_failed" });
        log.Add(Call("one") with { Code = RefusedCall.Expired, Surface = null });
        await log.WriteAsync(default);
        log.Add(Call("one") with { Code = RefusedCall.Expired, Surface = null });
        await log.WriteAsync(default);
        Assert.Equal(("providers_failed", "search"), await CodeAsync());
        Assert.Equal(1, await CountAsync());

        async Task<(string?, string?)> CodeAsync() =>
            await log.FindAsync(_account, Call("one").RequestId, default) is { } found ? (found.Code, found.Surface) : default;
    }

    [Fact]
    public async Task Note_ThatTheDatabaseRefuses_KeepsNoOtherWaiting()
    {
        using var log = Log();
        log.Add(Call("bad") with { Code = "\0" });
        await log.WriteAsync(default);
        log.Add(Call("good"));
        await log.WriteAsync(default);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Notes_OnAStop_AreWritten()
    {
        using var log = Log();
        await log.StartAsync(default);
        log.Add(Call("late"));
        await log.StopAsync(default);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Notes_ThatAreTooOld_AreForgotten()
    {
        var store = Store(new CallHistoryOptions { KeptFor = TimeSpan.FromHours(2) });
        var now = TimeProvider.System.GetUtcNow();
        await ClearAsync();
        await store.InsertAsync(
            [
                .. Enumerable.Range(0, 1_500).Select(i => Call($"old{i}") with { At = now.AddMinutes(-121) }),
                Call("young") with { At = now.AddMinutes(-119) },
            ],
            default);
        await store.ForgetAsync(default);
        Assert.Null(await store.FindAsync(_account, Call("old7").RequestId, default));
        Assert.NotNull(await store.FindAsync(_account, Call("young").RequestId, default));
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Notes_BeyondTheBound_AreForgottenOldestFirst()
    {
        var store = Store(new CallHistoryOptions { MostKept = 20 });
        await ClearAsync();
        await store.InsertAsync([.. Enumerable.Range(0, 2_500).Select(i => Call($"n{i}"))], default);
        await store.ForgetAsync(default);
        Assert.Equal(20, await CountAsync());
        Assert.NotNull(await store.FindAsync(_account, Call("n2499").RequestId, default));
        Assert.Null(await store.FindAsync(_account, Call("n2479").RequestId, default));
    }

    private RefusedCall Call(string id) => new(
        $"{_account}-{id}", _account, "search", null, "rate_limited", 0, null, TimeProvider.System.GetUtcNow());

    private RefusedCallStore Store(CallHistoryOptions options) =>
        new(gateway.Get<NpgsqlDataSource>(), Options.Create(options), TimeProvider.System);

    private CallLog Log() => new(
        Store(new CallHistoryOptions()), gateway.Get<GatewayMetrics>(), TimeProvider.System, NullLogger<CallLog>.Instance);

    /// <param name="before">So many accounts whose number is lower, too.</param>
    private async Task<int> CountAsync(int before = 0)
    {
        await using var books = new NpgsqlConnection(gateway.Stores.PostgresConnection);
        return await books.QuerySingleAsync<int>(
            "select count(*) from refused_calls where account_id between @_account - @before and @_account", new { _account, before });
    }

    /// <summary>What others left is newer than what this test calls old.</summary>
    private async Task ClearAsync()
    {
        await using var books = new NpgsqlConnection(gateway.Stores.PostgresConnection);
        await books.ExecuteAsync("delete from refused_calls");
    }

    private async Task<int> DroppedAsync()
    {
        const string Name = "metering_refused_calls_dropped_total ";
        var text = (await gateway.GetAsync("metrics", null)).Text;
        return int.Parse(text[(text.IndexOf("\n" + Name, StringComparison.Ordinal) + Name.Length + 1)..].Split('\n')[0]);
    }
}
