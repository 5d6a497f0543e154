using System.Text;
using MeteringGateway.Http.Bounds;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MeteringGateway.Tests.Http.Requests;

public sealed class BodyBytesTests
{
    [Theory]
    [InlineData(0, null)]
    [InlineData(100, null)]
    [InlineData(101, "BodyTooLarge")]
    public async Task Read_BodyOfEachLength_IsTakenUpToTheBound(int length, string? code)
    {
        var sent = new string('a', length);

        var (bytes, problem) = await BodyBytes.ReadAsync(Uploads.Of(sent), 100, CancellationToken.None);

        Assert.Equal(code, problem?.Code.ToString());
        Assert.Equal(code is null ? sent : "", Encoding.UTF8.GetString(bytes.Span));
    }

    /// <summary>What says beforehand that it is too large is not read at all.</summary>
    [Theory]
    [InlineData(100L, null)]
    [InlineData(101L, "BodyTooLarge")]
    public async Task Read_PromisedLength_IsBelievedBeforeAByteIsRead(long promised, string? code)
    {
        var request = Uploads.Of("aa");
        request.ContentLength = promised;

        Assert.Equal(code, (await BodyBytes.ReadAsync(request, 100, CancellationToken.None)).Problem?.Code.ToString());
        Assert.Equal(code is null ? 2 : 0, request.Body.Position);
    }

    /// <summary>The body counts against the memory of all calls, and is given back with its request.</summary>
    [Theory]
    [InlineData(100, null)]
    [InlineData(99, "Overloaded")]
    public async Task Read_WithoutRoomInMemory_IsRefused(long memory, string? code)
    {
        var request = Uploads.Of(new string('a', 100), memory);
        var budget = request.HttpContext.RequestServices.GetRequiredService<BufferBudget>();

        Assert.Equal(code, (await BodyBytes.ReadAsync(request, 1000, CancellationToken.None)).Problem?.Code.ToString());
        Assert.Equal(code is null ? 100 : 0, budget.Used);
        BodyLease.Of(request.HttpContext).Dispose();
        Assert.Equal(0, budget.Used);
    }

    /// <summary>An upload that ends, well or badly, makes room for the address's next one.</summary>
    [Fact]
    public async Task Read_UploadsOfOneAddress_AreBounded()
    {
        var request = Uploads.Of("aa", uploads: 1);
        var uploads = request.HttpContext.RequestServices.GetRequiredService<OpenUploads>().ByAddress;
        Assert.True(uploads.TryEnter(null));

        Assert.Equal(ErrorCode.RateLimited, (await BodyBytes.ReadAsync(request, 100, CancellationToken.None)).Problem!.Code);
        uploads.Leave(null);
        Assert.Null((await BodyBytes.ReadAsync(Again(request, new MemoryStream([1])), 100, CancellationToken.None)).Problem);
        await Assert.ThrowsAsync<ConnectionAbortedException>(
            () => BodyBytes.ReadAsync(Again(request, new Broken(new IOException("cut"))), 100, CancellationToken.None).AsTask());
        Assert.True(uploads.TryEnter(null));
    }

    /// <summary>A reader may be asked for each result once: a body whose first part is there at once was an internal error.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Read_BodyThatComesInParts_IsReadOnceEach(int count)
    {
        byte[][] parts = [.. Enumerable.Range(0, count).Select(i => new[] { (byte)i })];
        var (bytes, problem) = await BodyBytes.ReadAsync(OnceReader.Of(Uploads.Of(""), parts), 100, CancellationToken.None);
        Assert.Null(problem);
        Assert.Equal(Enumerable.Range(0, count).Select(i => (byte)i), bytes.ToArray());
    }

    [Fact]
    public async Task Read_ChunkLargerThanAnything_IsTheClientsFault()
    {
        var request = Uploads.Of(new Broken(new IOException("chunk", new OverflowException())));

        var fault = await Assert.ThrowsAsync<BadHttpRequestException>(() => BodyBytes.ReadAsync(request, 100,
            CancellationToken.None).AsTask());
        Assert.Equal(400, fault.StatusCode);
    }

    private static HttpRequest Again(HttpRequest request, Stream body) =>
        new DefaultHttpContext { RequestServices = request.HttpContext.RequestServices, Request = { Body = body } }.Request;

    private sealed class Broken(IOException fault) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw fault;
    }
}
