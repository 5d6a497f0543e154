using MeteringGateway.Accounts.Usage;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Ledger.Background;

namespace MeteringGateway.WebConsole.Frame.Visits;

/// <summary>
/// Finds who a cookie of the console is of. Asks PostgreSQL each time, on the pages' own connections: what is ended, suspended or revoked
/// is so from the next page on.
/// </summary>
internal sealed class ConsoleVisits(ConsoleDatabase database, OperatorToken bootstrap, OperatorOfToken named, TimeProvider time)
{
    /// <summary>A working day: a person who may change everything signs in anew for the next.</summary>
    private static readonly TimeSpan s_operatorLifetime = TimeSpan.FromHours(12);

    private static readonly string FindVisitor = SqlFile.Read("WebConsole/Frame/Visits/find-visitor.sql");
    private static readonly string FindSignIn = SqlFile.Read("WebConsole/Frame/Visits/find-operator-sign-in.sql");
    private static readonly string InsertSignIn = SqlFile.Read("WebConsole/Frame/Visits/insert-operator-sign-in.sql");
    private static readonly string DeleteSignIn = SqlFile.Read("WebConsole/Frame/Visits/delete-operator-sign-in.sql");

    public async Task<Visitor?> FindAsync(SecretHash session, CancellationToken cancellationToken)
    {
        var found = await database.Visits.QuerySingleOrDefaultAsync<Visitor>(
            FindVisitor, new { hash = session.ToBytes(), now = time.GetUtcNow() }, cancellationToken);
        return found is null ? null : found with { Session = session };
    }

    public async Task<OperatorVisitor?> FindOperatorAsync(SecretHash session, CancellationToken cancellationToken)
    {
        var token = await database.Visits.QuerySingleOrDefaultAsync<byte[]>(
            FindSignIn, new { hash = session.ToBytes(), now = time.GetUtcNow() }, cancellationToken);
        return token is not null && await OperatorOfAsync(token, cancellationToken) is { } identity
            ? new OperatorVisitor(identity.Name, identity.MayChange) { Session = session }
            : null;
    }

    /// <summary>The cookie's secret for a token that works; null: it does not.</summary>
    public async Task<(string Secret, DateTimeOffset ExpiresAt)?> SignInOperatorAsync(string token, CancellationToken cancellationToken)
    {
        var hash = bootstrap.Matches(token) ? OperatorToken.Hash(token)
            : OperatorSecret.TryParse(token, out var secret) ? secret.ToBytes()
            : null;
        if (hash is null || await OperatorOfAsync(hash, cancellationToken) is null)
        {
            return null;
        }

        var (text, session) = ConsoleSecret.Create();
        var now = time.GetUtcNow();
        var expiresAt = now + s_operatorLifetime;
        await database.Visits.ExecuteAsync(
            InsertSignIn, new { hash = session.ToBytes(), tokenHash = hash, now, expiresAt }, cancellationToken);
        return (text, expiresAt);
    }

    public Task EndOperatorAsync(SecretHash session, CancellationToken cancellationToken) =>
        database.Visits.ExecuteAsync(DeleteSignIn, new { hash = session.ToBytes() }, cancellationToken);

    private async Task<OperatorIdentity?> OperatorOfAsync(byte[] token, CancellationToken cancellationToken) =>
        bootstrap.IsOf(token) ? new OperatorIdentity("", MayChange: true) : await named(SecretHash.FromBytes(token), cancellationToken);
}
