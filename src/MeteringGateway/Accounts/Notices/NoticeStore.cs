using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Accounts.Notices;

/// <summary>Reads the noted crossings and sends dead letters on their way again.</summary>
internal sealed class NoticeStore(NpgsqlDataSource database)
{
    private static readonly string List = SqlFile.Read("Accounts/Notices/list-notices.sql");
    private static readonly string Redeliver = SqlFile.Read("Accounts/Notices/redeliver.sql");

    /// <summary>Newest first. <paramref name="type"/> and <paramref name="accountId"/> null: all.</summary>
    public async Task<NoticePage> ListAsync(long? accountId, string? type, bool onlyDead, Page page, CancellationToken cancellationToken)
    {
        var (rows, total) = await database.QueryPageAsync<ListedNotice>(
            List, new { accountId, type, onlyDead, limit = page.Limit, offset = page.Offset }, cancellationToken);
        return new NoticePage([.. rows.Select(row => new NoticeEntry(row))], total, page.Limit, page.Offset);
    }

    /// <summary>False: it is no dead letter.</summary>
    public async Task<bool> RedeliverAsync(long id, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(Redeliver, new { id }, cancellationToken) == 1;
}
