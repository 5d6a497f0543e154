using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace MeteringGateway.FunctionalTests.Hosting.Image;

/// <summary>One service of <c>docker-compose.yml</c>, with the variables of its caller put in.</summary>
internal sealed partial class ComposeService
{
    private readonly Dictionary<object, object> _fields;
    private readonly IReadOnlyDictionary<string, string> _variables;

    private ComposeService(Dictionary<object, object> fields, IReadOnlyDictionary<string, string> variables) =>
        (_fields, _variables) = (fields, variables);

    public static ComposeService Read(string path, string name, IReadOnlyDictionary<string, string> variables)
    {
        using var text = new StringReader(File.ReadAllText(path));
        var file = new DeserializerBuilder().Build()
            .Deserialize<Dictionary<string, object>>(new MergingParser(new Parser(text)));
        return new ComposeService((Dictionary<object, object>)((Dictionary<object, object>)file["services"])[name], variables);
    }

    public IReadOnlyDictionary<string, string> Environment => Map("environment")
        .ToDictionary(pair => (string)pair.Key, pair => Filled((string)pair.Value));

    public TimeSpan StopGrace => TimeSpan.FromSeconds(
        int.Parse(((string)_fields["stop_grace_period"]).TrimEnd('s'), NumberStyles.None, CultureInfo.InvariantCulture));

    /// <summary>The health check's command, which is one without a shell.</summary>
    public string[] HealthCheck
    {
        get
        {
            var words = ((List<object>)Map("healthcheck")["test"]).Cast<string>().ToArray();
            Assert.Equal("CMD", words[0]);
            return words[1..];
        }
    }

    private Dictionary<object, object> Map(string name) => (Dictionary<object, object>)_fields[name];

    /// <summary><c>${NAME:?why}</c> without a value fails, as it does there.</summary>
    private string Filled(string text) => Variable().Replace(text, match =>
        _variables.TryGetValue(match.Groups["name"].Value, out var value) ? value
        : match.Groups["kind"].Value == "-" ? match.Groups["text"].Value
        : throw new InvalidOperationException($"{match.Value} has no value."));

    [GeneratedRegex(@"\$\{(?<name>\w+):(?<kind>[?-])(?<text>[^}]*)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();
}
