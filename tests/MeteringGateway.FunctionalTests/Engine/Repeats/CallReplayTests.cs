using MeteringGateway.Calls.Answers;
using MeteringGateway.Calls.Idempotency;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Repeats;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.FunctionalTests.Engine.Repeats;

/// <summary>What keeping an answer costs, before anybody asks for it again.</summary>
public sealed class CallReplayTests(ScriptRedis redis) : IClassFixture<ScriptRedis>
{
    private const int Mebi = 1 << 20;
    private static readonly PartitionMap s_map = new(16);

    /// <summary>A body that is too large is kept by nobody, and copied by nobody.</summary>
    [Theory]
    [InlineData(KeptAnswers.LargestBody, true)]
    [InlineData(KeptAnswers.LargestBody + 1, false)]
    [InlineData(16 * Mebi, false)]
    public async Task Keep_OfABody_CopiesItOnlyWhereItIsKept(int bytes, bool isKept)
    {
        var kept = new KeptAnswers(redis.Connection, s_map, 1L << 30);
        var replay = new CallReplay(kept, new CallClaims(redis.Connection, s_map), null!, new ReplayTurns());
        var call = new MeteredCall { Key = new KeyIdentity { AccountId = bytes }, Ticket = new IdempotencyTicket("hash", "print") };
        var answer = new ProviderAnswer { Provider = "alpha", Status = 200, IsJson = true, Headers = [], Body = new byte[bytes] };

        // Whatever is copied is copied before the first wait.
        var before = GC.GetAllocatedBytesForCurrentThread();
        var keeping = replay.KeepAsync(call, "request", answer, isStreamed: false, isPaid: true);
        var copied = GC.GetAllocatedBytesForCurrentThread() - before;
        await keeping;

        Assert.InRange(copied, 0, isKept ? Mebi : Mebi / 8);
        var found = KeptAnswer.Read((await kept.FindAsync(bytes, "hash", "request"))!.Value)!;
        Assert.Equal((isKept, isKept ? bytes : 0), (found.HasBody, found.Answer.Body.Length));
    }
}
