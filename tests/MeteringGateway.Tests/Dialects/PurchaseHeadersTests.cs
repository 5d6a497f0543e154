using MeteringGateway.Dialects;
using MeteringGateway.Tests.Http.Requests;
using Microsoft.AspNetCore.Http;

namespace MeteringGateway.Tests.Dialects;

public sealed class PurchaseHeadersTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(255, true)]
    [InlineData(256, false)]
    [InlineData(0, false)]
    public void Read_Key_HasUpTo255Characters(int length, bool isTaken)
    {
        var key = new string('k', length);

        var (terms, problem) = PurchaseHeaders.Read(new HeaderDictionary { ["Idempotency-Key"] = key });

        Assert.Equal((isTaken ? key : null, isTaken), (terms.IdempotencyKey, problem is null));
    }

    [Theory]
    [InlineData("a b", null, "?Idempotency-Key")]
    [InlineData("é", null, "?Idempotency-Key")]
    [InlineData("a|b", null, "?Idempotency-Key")]
    [InlineData(null, "later", "")]
    [InlineData(null, "Later", "?X-Sandbox-Payment")]
    [InlineData(null, "pay|pay", "?X-Sandbox-Payment")]
    [InlineData("", "free", "?Idempotency-Key ?X-Sandbox-Payment")]
    [InlineData(null, null, "")]
    public void Read_EachHeader_IsRightOrNamed(string? key, string? mode, string pointers)
    {
        var headers = new HeaderDictionary();
        if (key is not null)
        {
            headers["Idempotency-Key"] = key.Split('|');
        }

        if (mode is not null)
        {
            headers["X-Sandbox-Payment"] = mode.Split('|');
        }

        var (terms, problem) = PurchaseHeaders.Read(headers);

        Assert.Equal(pointers, Body.Pointers(problem?.Errors ?? []));
        Assert.Equal(problem is null ? (key, mode) : default, (terms.IdempotencyKey, terms.SandboxMode));
    }
}
