using System.Buffers.Text;
using System.Text;

namespace MeteringGateway.Calls.Answers;

/// <summary>Writes UTF-8 into a buffer that is long enough, from its beginning.</summary>
internal ref struct Utf8Text(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    public int Length { get; private set; }

    public void Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_buffer[Length..]);
        Length += text.Length;
    }

    public void Add(string text) => Length += Encoding.UTF8.GetBytes(text, _buffer[Length..]);

    /// <exception cref="InvalidOperationException">The buffer is too short.</exception>
    public void Add(long number) => Length += Utf8Formatter.TryFormat(number, _buffer[Length..], out var written)
        ? written
        : throw new InvalidOperationException($"A buffer of {_buffer.Length} bytes is too short for an answer.");
}
