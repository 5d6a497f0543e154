using System.Text;

namespace MeteringGateway.Http.Edge;

/// <summary>
/// Reads the <c>Content-Length</c> header: whatever is no digit becomes a question mark, which Kestrel refuses. Left to itself it takes
/// <c>+20</c>, which RFC 9110 does not know and a proxy may read otherwise.
/// </summary>
internal sealed class DigitsEncoding : Encoding
{
    public static DigitsEncoding Instance { get; } = new();

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        ASCII.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        for (var i = 0; i < byteCount; i++)
        {
            var one = (char)bytes[byteIndex + i];
            chars[charIndex + i] = char.IsAsciiDigit(one) ? one : '?';
        }

        return byteCount;
    }

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount;
}
