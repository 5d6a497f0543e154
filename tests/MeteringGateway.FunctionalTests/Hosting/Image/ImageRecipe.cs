using System.Text.Json;
using System.Text.RegularExpressions;

namespace MeteringGateway.FunctionalTests.Hosting.Image;

/// <summary>What the <c>Dockerfile</c> makes of a target: the commands that publish it, and how a container of it begins.</summary>
internal sealed partial class ImageRecipe
{
    private readonly List<(string Instruction, string Text)> _steps;
    private readonly Dictionary<string, string> _arguments = [];

    private ImageRecipe(List<(string, string)> steps)
    {
        _steps = steps;
        foreach (var (_, text) in _steps.Where(step => step.Instruction == "ARG"))
        {
            var pair = text.Split('=', 2);
            _arguments.TryAdd(pair[0], pair.ElementAtOrDefault(1) ?? "");
        }
    }

    public static ImageRecipe Read(string path)
    {
        var text = Remark().Replace(File.ReadAllText(path), "").Replace("\\\n", " ", StringComparison.Ordinal);
        return new ImageRecipe([.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(' ', 2, StringSplitOptions.TrimEntries))
            .Select(words => (words[0], Blanks().Replace(words[1], " ")))]);
    }

    /// <summary>Each <c>RUN dotnet publish …</c>, as words.</summary>
    public IEnumerable<string[]> Publishes => _steps
        .Where(step => step.Instruction == "RUN" && step.Text.StartsWith("dotnet publish ", StringComparison.Ordinal))
        .Select(step => Filled(step.Text).Split(' '));

    public string WorkingDirectory(string stage) => Last(stage, "WORKDIR");

    public string[] EntryPoint(string stage) => Words(Last(stage, "ENTRYPOINT"));

    public string[] Command(string stage) => Words(Last(stage, "CMD"));

    public string[] HealthCheck(string stage) => Words(Last(stage, "HEALTHCHECK").Split(" CMD ", 2)[1]);

    /// <summary>Variables of the stage and of the stages below it.</summary>
    public IReadOnlyDictionary<string, string> Environment(string stage) => Of(stage)
        .Where(step => step.Instruction == "ENV")
        .SelectMany(step => Variable().Matches(step.Text))
        .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value);

    private string Last(string stage, string instruction) => Of(stage).Last(step => step.Instruction == instruction).Text;

    /// <summary>The steps of the stage that it stands on, as far as that is in this file, and then its own.</summary>
    private IEnumerable<(string Instruction, string Text)> Of(string stage)
    {
        var from = _steps.FindIndex(step => step.Instruction == "FROM" && step.Text.EndsWith($" AS {stage}", StringComparison.Ordinal));
        return from < 0
            ? []
            : Of(_steps[from].Text.Split(' ')[0]).Concat(_steps.Skip(from + 1).TakeWhile(step => step.Instruction != "FROM"));
    }

    private string Filled(string text) => Argument().Replace(text, match => _arguments[match.Groups[1].Value]);

    private static string[] Words(string json) => JsonSerializer.Deserialize<string[]>(json)!;

    [GeneratedRegex("^#.*\n", RegexOptions.Multiline)]
    private static partial Regex Remark();

    [GeneratedRegex(" {2,}")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"\$\{(\w+)\}")]
    private static partial Regex Argument();

    [GeneratedRegex(@"(?<name>\w+)=(?<value>\S*)", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();
}
