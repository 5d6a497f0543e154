using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Npgsql;

namespace MeteringGateway.Ledger.Background;

/// <summary>
/// Counts the calls of this process to PostgreSQL that failed: no connection, no answer, an error that is about the server. Counted where
/// the exception is thrown: a hundred statements catch it in as many ways, and Npgsql's own counter takes a refused insert (a second use
/// of a coupon) for a failure and a refused connection for none. Any number of callers at once.
/// </summary>
internal sealed class PostgresFailures : IDisposable
{
    private static readonly object s_counted = new();

    /// <summary>An exception is thrown again by each asynchronous caller of what threw it.</summary>
    private readonly ConditionalWeakTable<Exception, object> _seen = [];
    private long _count;

    public PostgresFailures() => AppDomain.CurrentDomain.FirstChanceException += Note;

    public long Count => Volatile.Read(ref _count);

    public void Dispose() => AppDomain.CurrentDomain.FirstChanceException -= Note;

    private void Note(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        if (thrown.Exception is NpgsqlException e
            && (e is not PostgresException answer || IsOfTheServer(answer))
            && (e.InnerException is not NpgsqlException inner || !_seen.TryGetValue(inner, out _)) && _seen.TryAdd(e, s_counted))
        {
            Interlocked.Increment(ref _count);
        }
    }

    /// <summary>
    /// Class 08, 53, 57, 58: the server is unreachable, overloaded, stopping or broken. Not a statement that was canceled, which is what a
    /// client that leaves comes to.
    /// </summary>
    private static bool IsOfTheServer(PostgresException e) =>
        e.SqlState != PostgresErrorCodes.QueryCanceled && e.SqlState.AsSpan(0, 2) is ("08" or "53" or "57" or "58");
}
