using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace MeteringGateway.Engine.Scripts;

/// <summary>
/// One script as it is sent to Redis: with its includes, without comments, since a server that has forgotten a script gets its whole text,
/// and with its constants in their places: every function that names a local of the script captures it anew in each run.
/// Immutable.
/// </summary>
internal sealed partial class RedisScript
{
    private const string Include = "-- include ";

    private readonly long[] _answers;

    private RedisScript(string name, string source)
    {
        Name = name;
        Head = ScriptHead.Parse(source);
        _answers = [.. Head.Answers.Select(answer => answer.Key)];
        SentPoint = name.AsSpan().TrimEnd("-0123456789").ToString() + "-sent";
        Text = WithConstants(Strip(source));
#pragma warning disable CA5350 // Redis names scripts by their SHA-1; nothing is kept secret or proven by it.
        Hash = SHA1.HashData(Encoding.UTF8.GetBytes(Text));
#pragma warning restore CA5350
    }

    /// <summary>The file's name without its ending: <c>credit-4</c>.</summary>
    public string Name { get; }

    /// <summary>The contract: keys, arguments and answers.</summary>
    public ScriptHead Head { get; }

    /// <summary>The fault point between the send of this script and its reply: <c>credit-sent</c>.</summary>
    public string SentPoint { get; }

    /// <summary>The text that is sent.</summary>
    public string Text { get; }

    /// <summary>The SHA-1 of the text, under which Redis caches the script.</summary>
    public byte[] Hash { get; }

    /// <summary>Is the code in the script's head?</summary>
    public bool Answers(long code) => Array.IndexOf(_answers, code) >= 0;

    public static RedisScript Load(string name) => new(name, Resource(name + ".lua"));

    /// <summary>A script file as it was written, with its comments.</summary>
    public static string Resource(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"The script {file} is not embedded.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>
    /// A local in capitals that is given numbers or texts, <c>local DAY, WEEK = 15, 19</c>, is a constant: its value stands wherever its
    /// name would.
    /// </summary>
    private static string WithConstants(string text)
    {
        var constants = new Dictionary<string, string>();
        foreach (Match line in Constants().Matches(text))
        {
            var (names, values) = (line.Groups[1].Value.Split(", "), line.Groups[2].Value.Split(", "));
            for (var i = 0; i < names.Length; i++)
            {
                constants[names[i]] = values[i];
            }
        }

        return constants.Count == 0
            ? text
            : Capitals().Replace(Constants().Replace(text, ""), name => constants.GetValueOrDefault(name.Value, name.Value));
    }

    private static string Strip(string source)
    {
        var text = new StringBuilder();
        foreach (var line in source.Split('\n'))
        {
            if (line.StartsWith(Include, StringComparison.Ordinal))
            {
                text.Append(Strip(Resource(line[Include.Length..].Trim())));
            }
            else if (!line.TrimStart().StartsWith("--", StringComparison.Ordinal) && line.Length > 0)
            {
                text.Append(line.TrimStart()).Append('\n');
            }
        }

        return text.ToString();
    }

    [GeneratedRegex(@"^local ([A-Z][A-Z_]*(?:, [A-Z][A-Z_]*)*) = ((?:\d+|'[^']*')(?:, (?:\d+|'[^']*'))*)\n", RegexOptions.Multiline)]
    private static partial Regex Constants();

    [GeneratedRegex(@"\b[A-Z][A-Z_]*\b")]
    private static partial Regex Capitals();
}
