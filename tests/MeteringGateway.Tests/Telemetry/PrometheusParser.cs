using System.Globalization;
using System.Text.RegularExpressions;

namespace MeteringGateway.Tests.Telemetry;

/// <summary>A strict reader of Prometheus's text format: whatever it does not know is an error.</summary>
internal sealed partial class PrometheusParser
{
    public Dictionary<string, string> Types { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, double> Samples { get; } = new(StringComparer.Ordinal);

    public static PrometheusParser Parse(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var parser = new PrometheusParser();
        string? family = null;
        foreach (var line in text[..^1].Split('\n'))
        {
            if (Help().Match(line) is { Success: true } help)
            {
                family = help.Groups[1].Value;
                Assert.DoesNotContain(family, parser.Types.Keys);
            }
            else if (Type().Match(line) is { Success: true } type)
            {
                Assert.Equal(family, type.Groups[1].Value);
                parser.Types.Add(family!, type.Groups[2].Value);
            }
            else
            {
                var sample = Sample().Match(line);
                Assert.True(sample.Success, $"Not a sample: {line}");
                var name = sample.Groups[1].Value;
                Assert.Equal(family, parser.Types[family!] == "histogram" ? Suffix().Replace(name, "") : name);
                parser.Samples.Add(name + sample.Groups[2].Value, Number(sample.Groups[3].Value));
            }
        }

        return parser;
    }

    private static double Number(string text) =>
        text == "+Inf" ? double.PositiveInfinity : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex("""^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (?:[^\\]|\\\\|\\n)*$""")]
    private static partial Regex Help();

    [GeneratedRegex("^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$")]
    private static partial Regex Type();

    [GeneratedRegex(
        """^([a-zA-Z_:][a-zA-Z0-9_:]*)((?:\{[a-zA-Z_]\w*="(?:[^"\\]|\\["\\n])*"(?:,[a-zA-Z_]\w*="(?:[^"\\]|\\["\\n])*")*\})?) (\S+)$""")]
    private static partial Regex Sample();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
