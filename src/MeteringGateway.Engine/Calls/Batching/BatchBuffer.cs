using System.Buffers.Binary;
using System.Text;

namespace MeteringGateway.Engine.Calls.Batching;

/// <summary>
/// A growing buffer of bytes in the layout of batch.lua: numbers little-endian, a text behind its length. Keeps its memory when cleared.
/// One owner.
/// </summary>
internal sealed class BatchBuffer
{
    private byte[] _bytes = new byte[4_096];
    private int _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public int Length => _length;

    public void Clear() => _length = 0;

    public void Byte(int value) => Take(1)[0] = checked((byte)value);

    /// <summary>A place among the states, or a count: struct's <c>H</c>.</summary>
    public void Short(int value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), checked((ushort)value));

    /// <summary>A whole number; exact below 2^53: struct's <c>d</c>.</summary>
    public void Number(long value) => BinaryPrimitives.WriteDoubleLittleEndian(Take(8), value);

    /// <summary>At most 64 KiB of UTF-8: struct's <c>Hc0</c>.</summary>
    public void Short(string text)
    {
        Short(Encoding.UTF8.GetByteCount(text));
        Text(text);
    }

    /// <summary>Two texts behind one length: struct's <c>Ic0</c>.</summary>
    public void Long(string head, string tail)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Take(4), Encoding.UTF8.GetByteCount(head) + Encoding.UTF8.GetByteCount(tail));
        Text(head);
        Text(tail);
    }

    /// <summary>Leaves room for a length that is known only when what it counts is written.</summary>
    public int LeaveLength()
    {
        Take(4);
        return _length;
    }

    /// <summary>Fills in the number of bytes that were written since <see cref="LeaveLength"/>.</summary>
    public void FillLength(int since) =>
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(since - 4), _length - since);

    private void Text(string text) => Encoding.UTF8.GetBytes(text, Take(Encoding.UTF8.GetByteCount(text)));

    private Span<byte> Take(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + count));
        }

        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }
}
