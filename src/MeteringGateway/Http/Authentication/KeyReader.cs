using Dapper;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Http.Authentication;

/// <summary>
/// Reads in PostgreSQL of which keys secrets are. Secrets that are asked for at the same time travel in one statement: with many keys
/// that were not seen yet, each call asks. Any number of callers at once.
/// </summary>
internal sealed class KeyReader(NpgsqlDataSource database, TimeProvider time)
{
    private static readonly string FindKeys = SqlFile.Read("Http/Authentication/find-keys.sql");

    /// <summary>A flood of unknown secrets must leave the connections to the flusher.</summary>
    private const int MostUnderWay = 2;

    /// <summary>Bounds the statement, which takes some milliseconds at this size.</summary>
    private const int MostInBatch = 256;

    /// <summary>As many as calls may wait for Redis.</summary>
    private const int MostWaiting = 16_384;

    /// <summary>For a connection and the statement: a look-up is no use to anybody for longer.</summary>
    private const int StatementSeconds = 5;

    private readonly BatchQueue<Question> _queue = new(MostUnderWay, MostInBatch, MostWaiting);

    /// <summary>Null: no key has this secret.</summary>
    /// <exception cref="StoreUnavailableException">Too many wait.</exception>
    public Task<KeyIdentity?> FindAsync(SecretHash hash, CancellationToken cancellationToken)
    {
        var question = new Question(hash, cancellationToken);
        if (!_queue.TryAdd(question, out var mayStart))
        {
            throw new StoreUnavailableException($"{MostWaiting} keys wait to be looked up");
        }

        if (mayStart)
        {
            _ = DrainAsync();
        }

        return question.Answer.Task.WaitAsync(cancellationToken);
    }

    private async Task DrainAsync()
    {
        while (_queue.Take() is { } questions)
        {
            // Callers that have left would keep those waiting that are there.
            questions.RemoveAll(question => question.Cancellation.IsCancellationRequested);
            if (questions.Count > 0)
            {
                await AnswerAsync(questions);
            }
        }
    }

    /// <summary>Answers every question, whatever happens.</summary>
    private async Task AnswerAsync(List<Question> questions)
    {
        try
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(StatementSeconds), time);
            await using var connection = await database.OpenConnectionAsync(deadline.Token);
            var rows = await connection.QueryAsync<KeySecretRow>(new CommandDefinition(
                FindKeys, new { hashes = questions.Select(question => question.Hash.ToBytes()).ToArray() },
                commandTimeout: StatementSeconds, cancellationToken: deadline.Token));
            var found = rows.ToDictionary(row => SecretHash.FromBytes(row.Hash), row => row.Identity);
            questions.ForEach(question => question.Answer.SetResult(
                found.TryGetValue(question.Hash, out var identity) ? identity : null));
        }
        catch (Exception e)
        {
            questions.ForEach(question => question.Answer.TrySetException(e));
        }
    }

    private sealed class Question(SecretHash hash, CancellationToken cancellation)
    {
        public SecretHash Hash { get; } = hash;

        public CancellationToken Cancellation { get; } = cancellation;

        public TaskCompletionSource<KeyIdentity?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed record KeySecretRow
    {
        public byte[] Hash { get; init; } = [];
        public long KeyId { get; init; }
        public long AccountId { get; init; }
        public bool Live { get; init; }
        public int SecretVersion { get; init; }

        public KeyIdentity Identity => new(KeyId, AccountId, Live ? KeyMode.Live : KeyMode.Test, SecretVersion);
    }
}
