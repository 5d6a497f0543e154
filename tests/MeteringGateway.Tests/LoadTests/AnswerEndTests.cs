using System.Text;
using MeteringGateway.Compare.Load;

namespace MeteringGateway.Tests.LoadTests;

public sealed class AnswerEndTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200)]
    [InlineData("HTTP/1.1 200 OK\r\nX-A: b\r\ncontent-length:5\r\n\r\nhell", 0)]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", 503)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 200)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", 0)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", 0)]
    [InlineData("", 0)]
    public void StatusOf_Received_IsZeroUntilTheAnswerIsWhole(string received, int expected) =>
        Assert.Equal(expected, AnswerEnd.StatusOf(Encoding.ASCII.GetBytes(received)));
}
