using MeteringGateway.Ledger.Background;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.Calls.History;

/// <summary>The table of calls that were not charged, bounded by age and by number. Any number of callers at once.</summary>
internal sealed class RefusedCallStore(NpgsqlDataSource database, IOptions<CallHistoryOptions> options, TimeProvider time)
{
    /// <summary>Bounds a statement of the clean-up, which runs beside the flushes.</summary>
    private const int Step = 1_000;

    private static readonly string s_insert = SqlFile.Read("Calls/History/insert-refused-calls.sql");
    private static readonly string s_forget = SqlFile.Read("Calls/History/forget-refused-calls.sql");
    private static readonly string s_find = SqlFile.Read("Calls/History/find-refused-call.sql");

    public Task<int> InsertAsync(IReadOnlyList<RefusedCall> calls, CancellationToken cancellationToken) => database.ExecuteAsync(
        s_insert,
        new
        {
            requestIds = calls.Select(call => call.RequestId).ToArray(),
            accountIds = calls.Select(call => call.AccountId).ToArray(),
            surfaces = calls.Select(call => call.Surface).ToArray(),
            providers = calls.Select(call => call.Provider).ToArray(),
            codes = calls.Select(call => call.Code).ToArray(),
            held = calls.Select(call => call.CreditsHeld).ToArray(),
            attempts = calls.Select(call => call.Attempts).ToArray(),
            at = calls.Select(call => call.At.UtcDateTime).ToArray(),
        },
        cancellationToken);

    public async Task<RefusedCall?> FindAsync(long accountId, string requestId, CancellationToken cancellationToken)
    {
        var row = await database.QuerySingleOrDefaultAsync<Row>(s_find, new { accountId, requestId }, cancellationToken);
        return row is null
            ? null
            : new RefusedCall(
                row.RequestId, row.AccountId, row.Surface, row.Provider, row.Code, row.CreditsHeld, row.Attempts,
                new DateTimeOffset(row.At, TimeSpan.Zero));
    }

    /// <summary>Forgets what is too old or too much, until a step finds nothing.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        var bounds = new
        {
            step = Step,
            before = (time.GetUtcNow() - options.Value.KeptFor).UtcDateTime,
            most = (long)options.Value.MostKept,
        };
        while (await database.ExecuteAsync(s_forget, bounds, cancellationToken) > 0)
        {
        }
    }

    private sealed record Row(
        string RequestId, long AccountId, string? Surface, string? Provider, string Code, long CreditsHeld, string? Attempts, DateTime At);
}
