using System.Text;
using MeteringGateway.Calls.Answers;
using MeteringGateway.Calls.Providers;

namespace MeteringGateway.Tests.Calls.Answers;

public sealed class KeptAnswerTests
{
    private static readonly KeptAnswer s_answer = new(
        new ProviderAnswer
        {
            Provider = "beta",
            Status = 201,
            IsJson = false,
            Headers = [new("Content-Type", "text/plain; charset=utf-8"), new("ETag", "\"a\"")],
            Body = Encoding.UTF8.GetBytes("größer"),
        },
        [
            new AttemptReport("alpha", AttemptOutcome.Timeout, null, TimeSpan.FromMilliseconds(5000)),
            new AttemptReport("beta", AttemptOutcome.Success, 201, TimeSpan.FromMilliseconds(31)),
        ],
        HasBody: true);

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var read = KeptAnswer.Read(s_answer.Write())!;

        Assert.Equal(s_answer.Attempts, read.Attempts);
        Assert.Equal(("beta", 201, false, true), (read.Answer.Provider, read.Answer.Status, read.Answer.IsJson, read.HasBody));
        Assert.Equal(s_answer.Answer.Headers, read.Answer.Headers);
        Assert.Equal(s_answer.Answer.Body.ToArray(), read.Answer.Body.ToArray());
    }

    [Fact]
    public void Write_AndRead_CopyTheBodyOnceInAll()
    {
        const int Large = 1 << 20;
        var answer = s_answer with
        {
            Answer = new ProviderAnswer { Provider = "beta", Status = 200, IsJson = true, Headers = [], Body = new byte[Large] },
        };

        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = KeptAnswer.Read(answer.Write())!;
        var copied = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(Large, read.Answer.Body.Length);
        Assert.InRange(copied, Large, Large + (Large / 2));
    }

    /// <summary>What is cut within what stands before the body, or is of another version, was not kept.</summary>
    [Fact]
    public void Read_Damaged_IsNothing()
    {
        var written = s_answer.Write().ToArray();

        for (var length = 0; length < written.Length - s_answer.Answer.Body.Length; length++)
        {
            Assert.Null(KeptAnswer.Read(written.AsMemory(0, length)));
        }

        written[0]++;
        Assert.Null(KeptAnswer.Read(written));
    }
}
