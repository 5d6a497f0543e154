namespace MeteringGateway.Calls.Pricing.Usage;

/// <param name="line">Without its end.</param>
/// <param name="isCut">It was longer than <see cref="LineCutter.LongestLine"/>: this is only how it begins.</param>
internal delegate void LineRead(ReadOnlySpan<byte> line, bool isCut);

/// <summary>Cuts a text that comes in pieces into lines, and keeps at most one of them, up to a bound.</summary>
/// <param name="isCrAnEnd">Whether CR alone and CR LF end a line too, as in an event stream.</param>
/// <param name="read">Gets each line.</param>
internal sealed class LineCutter(bool isCrAnEnd, LineRead read)
{
    /// <summary>What is longer is passed over: a bound of the memory that thousands of streams may take.</summary>
    public const int LongestLine = 1024 * 1024;

    private readonly BoundedBytes _begun = new(LongestLine);
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
                _begun.Add(bytes);
                return;
            }

            Complete(bytes[..end]);
            _isAfterCr = bytes[end] == (byte)'\r';
            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>The text has ended, and with it a line that was begun.</summary>
    public void End()
    {
        if (!_begun.IsEmpty)
        {
            Complete(default);
        }
    }

    private void Complete(ReadOnlySpan<byte> rest)
    {
        // A line that lies whole in one piece, as nearly all do, is not copied.
        if (!_begun.IsEmpty || rest.Length > LongestLine)
        {
            _begun.Add(rest);
            rest = _begun.Written;
        }

        if (_isFirst && rest.StartsWith(ByteOrderMark))
        {
            rest = rest[ByteOrderMark.Length..];
        }

        _isFirst = false;
        read(rest, _begun.IsOver);
        _begun.Clear();
    }
}
