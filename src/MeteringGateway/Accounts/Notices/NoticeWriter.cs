using Dapper;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Accounts.Notices;

/// <summary>A notice that is no threshold.</summary>
/// <param name="AccountId">The account that is told.</param>
/// <param name="Type">One of <see cref="NoticeTypes"/>.</param>
/// <param name="Occasion">The number of what it is about (an order): the same type and occasion give one notice.</param>
/// <param name="Reason">What a person reads.</param>
/// <param name="Threshold">The limit it is about; 0 for none.</param>
internal sealed record NewNotice(long AccountId, string Type, long Occasion, string Reason, long Threshold = 0);

/// <summary>Notes something for an account, in the transaction that does it, and its delivery where the account has a webhook.</summary>
internal static class NoticeWriter
{
    private static readonly string Insert = SqlFile.Read("Accounts/Notices/insert-notice.sql");

    private static readonly string Binding = SqlFile.Read("Accounts/Notices/note-binding.sql");

    public static Task WriteAsync(NpgsqlTransaction transaction, NewNotice notice, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(Insert, notice, transaction, cancellationToken: cancellationToken));

    /// <summary>An identity was bound to the account: a notice each time.</summary>
    public static Task WriteBindingAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(Binding, new { accountId }, transaction, cancellationToken: cancellationToken));
}
