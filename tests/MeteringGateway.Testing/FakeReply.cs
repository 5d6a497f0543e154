using System.Text;

namespace MeteringGateway.Testing;

/// <summary>What a fake provider sends, and how it misbehaves while it does.</summary>
public sealed record FakeReply
{
    public int Status { get; init; } = 200;
    public string? ContentType { get; init; } = "application/json";
    public byte[] Body { get; init; } = [];
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Before the first byte.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Before the first byte, until the test says so. The better way to hold calls in flight.</summary>
    public Task Until { get; init; } = Task.CompletedTask;

    /// <summary>Chunked instead of Content-Length.</summary>
    public bool Chunked { get; init; }

    /// <summary>Neither chunked nor with Content-Length: the body ends where the connection is closed.</summary>
    public bool Unframed { get; init; }

    /// <summary>Closes the connection after that many bytes of the body, which is announced whole.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Pause after each byte of the body.</summary>
    public TimeSpan Drip { get; init; }

    /// <summary>In place of a body: sent chunked, one chunk each.</summary>
    public IReadOnlyList<byte[]> Pieces { get; init; } = [];

    /// <summary>Awaited before the piece of this number, from 0; one beyond the last stands for the end.</summary>
    public Func<int, Task> BeforePiece { get; init; } = _ => Task.CompletedTask;

    /// <summary>Closes the connection after the last piece, in place of the last chunk.</summary>
    public bool BreaksOff { get; init; }

    /// <summary>Resets the connection instead of an answer.</summary>
    public bool Reset { get; init; }

    public static FakeReply Json(string body, int status = 200) => new() { Status = status, Body = Encoding.UTF8.GetBytes(body) };
    public static FakeReply Error(int status) => Json("""{"error":"scripted"}""", status);
    public static FakeReply Text(string body, string contentType) =>
        new() { ContentType = contentType, Body = Encoding.UTF8.GetBytes(body) };
    public static FakeReply Stream(string contentType, params string[] pieces) =>
        new() { ContentType = contentType, Chunked = true, Pieces = [.. pieces.Select(Encoding.UTF8.GetBytes)] };

    public static FakeReply Events(params string[] pieces) => Stream("text/event-stream", pieces);

    public static FakeReply Cut(string body, int after, bool chunked = false) => Json(body) with { CutAfter = after, Chunked = chunked };

    /// <summary>Never answers; ends with the connection or the provider.</summary>
    public static FakeReply Hang() => new() { Until = new TaskCompletionSource().Task };
}
