using System.Buffers;
using System.Text.Json;

namespace MeteringGateway.Calls.Pricing.Usage;

/// <summary>
/// Reads one JSON document that comes in pieces, of any size. Of a text only its first 16 KiB go to the reader and the rest is passed over,
/// so that the memory for it is bounded where an answer holds a picture; any other token of more than 1 MiB counts as damage. Beyond the
/// first 16 KiB of a text the digits of an escape are not looked at.
/// </summary>
internal sealed class JsonPieces(UsageWalk? walk, int maxDepth)
{
    /// <summary>More than the longest name of a path, were each of its letters an escape.</summary>
    private const int KeptOfText = 16 * 1024;

    private const int LongestToken = 1024 * 1024;
    private const int LongestEscape = 6;
    private const int Piece = 16 * 1024;

    private static readonly SearchValues<byte> s_ends =
        SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(one => (byte)one)]);

    private readonly ArrayBufferWriter<byte> _next = new(2 * Piece);
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = maxDepth });
    private Utf8Check _utf8;
    private bool _isInText;
    private bool _isEscape;
    private int _room;

    public bool IsDamaged { get; private set; }

    public void Read(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !IsDamaged)
        {
            var piece = bytes[..Math.Min(bytes.Length, Piece)];
            bytes = bytes[piece.Length..];
            IsDamaged = !_utf8.Take(piece) || !Shorten(piece);
            Parse(isLast: false);
        }
    }

    public void End()
    {
        IsDamaged |= !_utf8.IsWhole;
        Parse(isLast: true);
    }

    private void Parse(bool isLast)
    {
        if (IsDamaged)
        {
            return;
        }

        var reader = new Utf8JsonReader(_next.WrittenSpan, isLast, _state);
        try
        {
            while (reader.Read())
            {
                walk?.Take(ref reader);
            }
        }
        catch (JsonException)
        {
            IsDamaged = true;
            return;
        }

        _state = reader.CurrentState;
        Keep((int)reader.BytesConsumed);
    }

    /// <summary>What the reader could not use yet: it is the beginning of one token.</summary>
    private void Keep(int consumed)
    {
        var rest = _next.WrittenSpan[consumed..].ToArray();
        IsDamaged = rest.Length > LongestToken;
        _next.ResetWrittenCount();
        _next.Write(rest);
    }

    /// <summary>False: there is a control character in a text, or a backslash before what is no escape.</summary>
    private bool Shorten(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_isEscape)
            {
                if (!"\"\\/bfnrtu"u8.Contains(bytes[0]))
                {
                    return false;
                }

                bytes = Pass(bytes, 1);
                _isEscape = false;
                continue;
            }

            var end = _isInText ? bytes.IndexOfAny(s_ends) : bytes.IndexOf((byte)'"');
            if (end < 0)
            {
                _ = Pass(bytes, bytes.Length);
                return true;
            }

            bytes = Pass(bytes, end);
            if (!EndRun(bytes[0]))
            {
                return false;
            }

            bytes = bytes[1..];
        }

        return true;
    }

    /// <summary>A quotation mark, or within a text what else can't stand for itself.</summary>
    private bool EndRun(byte sign)
    {
        if (sign == (byte)'"')
        {
            _isInText = !_isInText;
            _room = KeptOfText;
            _next.Write([sign]);
            return true;
        }

        // An escape is kept whole or not at all, and nothing behind one that is not.
        _isEscape = sign == (byte)'\\';
        _room = _room < LongestEscape ? 0 : _room;
        _ = Pass([sign], 1);
        return _isEscape;
    }

    /// <summary>Hands on what comes first of the bytes, within a text as far as there is room. Answers what is behind it.</summary>
    private ReadOnlySpan<byte> Pass(ReadOnlySpan<byte> bytes, int count)
    {
        var kept = _isInText ? Math.Min(count, _room) : count;
        _next.Write(bytes[..kept]);
        _room -= _isInText ? kept : 0;
        return bytes[count..];
    }
}
