namespace MeteringGateway.Calls.Pricing.Usage;

/// <param name="line">Without its end.</param>
internal delegate void LineRead(ReadOnlySpan<byte> line);

/// <param name="part">Of a line that is longer than <see cref="LineCutter.LongestLine"/>; may be empty.</param>
internal delegate void LongLineRead(ReadOnlySpan<byte> part, bool isFirst, bool isLast);

/// <summary>Cuts a text that comes in pieces into lines, and keeps at most one of them, up to a bound.</summary>
/// <param name="isCrAnEnd">Whether CR alone and CR LF end a line too, as in an event stream.</param>
/// <param name="read">Gets each line.</param>
/// <param name="readLong">Gets a line in parts that is longer than what is kept.</param>
internal sealed class LineCutter(bool isCrAnEnd, LineRead read, LongLineRead readLong)
{
    /// <summary>Thousands of streams may run at once; what is longer is read as it comes.</summary>
    public const int LongestLine = 64 * 1024;

    /// <summary>What is kept for the next use.</summary>
    public const int Kept = 8 * 1024;

    /// <summary>The first part of a long line has at least so much, enough to tell what the line is.</summary>
    private const int Beginning = 16;

    private byte[] _begun = [];
    private int _length;
    private bool _isLong;
    private bool _isAfterCr;
    private bool _isFirst = true;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public void Read(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_isAfterCr && bytes[0] == (byte)'\n')
            {
                bytes = bytes[1..];
                _isAfterCr = false;
                continue;
            }

            _isAfterCr = false;
            var end = isCrAnEnd ? bytes.IndexOfAny((byte)'\r', (byte)'\n') : bytes.IndexOf((byte)'\n');
            if (end < 0)
            {
                Take(bytes, isLast: false);
                return;
            }

            Take(bytes[..end], isLast: true);
            _isAfterCr = bytes[end] == (byte)'\r';
            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>The text has ended, and with it a line that was begun.</summary>
    public void End()
    {
        if (_length > 0 || _isLong)
        {
            Take(default, isLast: true);
        }
    }

    private void Take(ReadOnlySpan<byte> bytes, bool isLast)
    {
        if (_isLong)
        {
            readLong(bytes, isFirst: false, isLast);
            _isLong = !isLast;
        }
        else if (_length + bytes.Length > LongestLine)
        {
            var head = Math.Min(bytes.Length, Beginning);
            Keep(bytes[..head]);
            readLong(WithoutMark(_begun.AsSpan(0, _length)), isFirst: true, isLast: false);
            readLong(bytes[head..], isFirst: false, isLast);
            (_length, _isLong) = (0, !isLast);
        }
        else if (!isLast)
        {
            Keep(bytes);
        }
        else if (_length == 0)
        {
            // A line that lies whole in one piece, as nearly all do, is not copied.
            read(WithoutMark(bytes));
        }
        else
        {
            Keep(bytes);
            read(WithoutMark(_begun.AsSpan(0, _length)));
            _length = 0;
            _begun = _begun.Length > Kept ? [] : _begun;
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _begun.Length)
        {
            Array.Resize(ref _begun, Math.Min(LongestLine + Beginning, Math.Max(_length + bytes.Length, _begun.Length * 2)));
        }

        bytes.CopyTo(_begun.AsSpan(_length));
        _length += bytes.Length;
    }

    private ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> line)
    {
        var isMarked = _isFirst && line.StartsWith(ByteOrderMark);
        _isFirst = false;
        return isMarked ? line[ByteOrderMark.Length..] : line;
    }
}
