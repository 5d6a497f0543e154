
namespace MeteringGateway.Load.Measuring;

/// <summary>Counts the lines of Redis's MONITOR: which commands a client sent, and which a script called.</summary>
internal sealed class MonitorLines
{
    public long FromOutside { get; private set; }
    public long InScripts { get; private set; }

    public double ShareFromOutside => Statistics.Ratio(FromOutside, FromOutside + InScripts);

    /// <summary><c>1339518083.107412 [0 127.0.0.1:60866] "keys" "*"</c>, or <c>[0 lua]</c> in the place of the address.</summary>
    public void Count(ReadOnlySpan<char> line)
    {
        var open = line.IndexOf(" [", StringComparison.Ordinal);
        var close = line.IndexOf(']');
        if (open < 0 || close < open)
        {
            return;
        }

        if (line[(open + 2)..close].EndsWith(" lua", StringComparison.Ordinal))
        {
            InScripts++;
        }
        else
        {
            FromOutside++;
        }
    }
}
