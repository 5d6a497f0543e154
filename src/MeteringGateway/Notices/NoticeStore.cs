using Dapper;
using MeteringGateway.Requests;
using MeteringGateway.Storage;
using Npgsql;

namespace MeteringGateway.Notices;

/// <summary>Reads the noted crossings and sends dead letters on their way again.</summary>
internal sealed class NoticeStore(NpgsqlDataSource books)
{
    private static readonly string List = SqlFile.Read("Notices/list-notices.sql");
    private static readonly string Redeliver = SqlFile.Read("Notices/redeliver.sql");

    /// <summary>Newest first. <paramref name="type"/> and <paramref name="accountId"/> null: all.</summary>
    public async Task<NoticePage> ListAsync(long? accountId, string? type, bool onlyDead, Page page, CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        await using var answer = await connection.QueryMultipleAsync(new CommandDefinition(
            List, new { accountId, type, onlyDead, limit = page.Limit, offset = page.Offset }, cancellationToken: cancellationToken));
        var total = await answer.ReadSingleAsync<long>();
        var rows = await answer.ReadAsync<ListedNotice>();
        return new NoticePage([.. rows.Select(row => new NoticeEntry(row))], total, page.Limit, page.Offset);
    }

    /// <summary>False: it is no dead letter.</summary>
    public async Task<bool> RedeliverAsync(long id, CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(Redeliver, new { id }, cancellationToken: cancellationToken)) == 1;
    }
}
