using Dapper;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Accounts.Accounts;

/// <summary>
/// Gives accounts from before <c>email_key</c> theirs, before the first request is served. Where two accounts turn out to have one email,
/// the older keeps it; the other is named in the log and can be reached through its keys and by an operator only.
/// </summary>
internal sealed class EmailKeys(NpgsqlDataSource database, ILogger<EmailKeys> logger) : IHostedService
{
    private const int PageSize = 500;
    private static readonly string List = SqlFile.Read("Accounts/Accounts/list-keyless-emails.sql");
    private static readonly string Set = SqlFile.Read("Accounts/Accounts/set-email-key.sql");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        for (long after = 0; ;)
        {
            var page = (await connection.QueryAsync<(long Id, string Email)>(
                new CommandDefinition(List, new { after, limit = PageSize }, cancellationToken: cancellationToken))).AsList();
            foreach (var (id, email) in page)
            {
                var parameters = new { id, emailKey = EmailAddress.KeyOf(email) };
                if (await connection.ExecuteAsync(new CommandDefinition(Set, parameters, cancellationToken: cancellationToken)) == 0)
                {
                    logger.LogWarning(
                        "Account {AccountId} has the same email as an older account: nobody can sign in to it with that email", id);
                }
            }

            if (page.Count < PageSize)
            {
                return;
            }

            after = page[^1].Id;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
