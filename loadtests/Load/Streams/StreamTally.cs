using System.Text;

namespace MeteringGateway.Load.Streams;

/// <summary>
/// What is kept of an answer that comes piece by piece: its size, its events, its first bytes and its last ones. For one answer.
/// </summary>
internal sealed class StreamTally
{
    public const string LastEvent = "data: [DONE]\n\n";

    /// <summary>Enough for the first event, and for the members behind the result in an envelope.</summary>
    private const int KeptBytes = 1024;

    private const string SentName = "\"sent\":";
    private const string ChargedName = "\"credits_charged\":";

    private readonly byte[] _first = new byte[KeptBytes];
    private readonly byte[] _last = new byte[KeptBytes];
    private int _inLast;
    private bool _afterNewline;

    public long Bytes { get; private set; }

    /// <summary>Blank lines: of <c>text/event-stream</c> as the provider writes it, as many as events.</summary>
    public long Events { get; private set; }

    public string First => Encoding.ASCII.GetString(_first, 0, (int)Math.Min(Bytes, KeptBytes));

    public string Last => Encoding.ASCII.GetString(_last, 0, _inLast);

    /// <summary>When the first event left the provider; null where it does not say so.</summary>
    public long? Sent => NumberAt(First, SentName, First.IndexOf(SentName, StringComparison.Ordinal));

    /// <summary>What the end of an envelope says that the call cost.</summary>
    public long? Charged => NumberAt(Last, ChargedName, Last.LastIndexOf(ChargedName, StringComparison.Ordinal));

    /// <summary>As a provider ends a stream of events; one that was cut ends otherwise.</summary>
    public bool HasLastEvent => Last.EndsWith(LastEvent, StringComparison.Ordinal);

    public void Add(ReadOnlySpan<byte> piece)
    {
        if (Bytes < KeptBytes)
        {
            piece[..(int)Math.Min(piece.Length, KeptBytes - Bytes)].CopyTo(_first.AsSpan((int)Bytes));
        }

        Bytes += piece.Length;
        foreach (var sign in piece)
        {
            Events += sign == '\n' && _afterNewline ? 1 : 0;
            _afterNewline = sign == '\n' && !_afterNewline;
        }

        KeepLast(piece);
    }

    private void KeepLast(ReadOnlySpan<byte> piece)
    {
        if (piece.Length >= KeptBytes)
        {
            piece[^KeptBytes..].CopyTo(_last);
            _inLast = KeptBytes;
            return;
        }

        var kept = Math.Min(_inLast, KeptBytes - piece.Length);
        _last.AsSpan(_inLast - kept, kept).CopyTo(_last);
        piece.CopyTo(_last.AsSpan(kept));
        _inLast = kept + piece.Length;
    }

    private static long? NumberAt(string text, string name, int at)
    {
        if (at < 0)
        {
            return null;
        }

        var digits = text.AsSpan(at + name.Length);
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        return long.TryParse(end < 0 ? digits : digits[..end], out var number) ? number : null;
    }
}
