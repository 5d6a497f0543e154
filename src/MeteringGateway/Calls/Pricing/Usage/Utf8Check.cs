using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace MeteringGateway.Calls.Pricing.Usage;

/// <summary>Tells whether bytes that come in pieces are UTF-8, where a piece may end within a character.</summary>
internal struct Utf8Check
{
    /// <summary>The beginning of a character, its first byte lowest.</summary>
    private uint _begun;
    private int _length;

    public readonly bool IsWhole => _length == 0;

    /// <summary>False: the bytes so far are not UTF-8.</summary>
    public bool Take(ReadOnlySpan<byte> bytes)
    {
        Span<byte> character = stackalloc byte[sizeof(uint)];
        while (_length > 0)
        {
            if (bytes.IsEmpty)
            {
                return true;
            }

            _begun |= (uint)bytes[0] << (8 * _length++);
            bytes = bytes[1..];
            BitConverter.TryWriteBytes(character, _begun);
            var status = Rune.DecodeFromUtf8(character[.._length], out _, out _);
            if (status == OperationStatus.InvalidData)
            {
                return false;
            }

            if (status == OperationStatus.Done)
            {
                (_begun, _length) = (0, 0);
            }
        }

        var whole = bytes.Length - BegunAtEnd(bytes);
        foreach (var one in bytes[whole..])
        {
            _begun |= (uint)one << (8 * _length++);
        }

        return Utf8.IsValid(bytes[..whole]);
    }

    private static int BegunAtEnd(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var one = bytes[^back];
            if (one >= 0xC0)
            {
                return back < (one >= 0xF0 ? 4 : one >= 0xE0 ? 3 : 2) ? back : 0;
            }

            if (one < 0x80)
            {
                return 0;
            }
        }

        return 0;
    }
}
