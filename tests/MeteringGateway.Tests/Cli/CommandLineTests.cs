using System.CommandLine;
using MeteringGateway.Cli;
using MeteringGateway.Local.Commands;

namespace MeteringGateway.Tests.Cli;

public sealed class CommandLineTests
{
    private const int Columns = 80;

    /// <summary>Every verb of <c>./mg</c>, as the words that lead to it: those of the gateway and those of this machine.</summary>
    public static TheoryData<string> Verbs => [.. All().Select(leaf => leaf.Path)];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Value_OfTheWrongKind_IsRefusedInWordsWithoutTypesOfDotNet(string verb)
    {
        var command = All().Single(leaf => leaf.Path == verb).Command;
        var options = command.Options.Where(option => option.ValueType != typeof(bool) && option.ValueType != typeof(string)).ToList();
        foreach (var option in options.Where(option => Nullable.GetUnderlyingType(option.ValueType) is not null))
        {
            foreach (var wrong in new[] { "abc", "1.5.2", "", "99999999999999999999999" })
            {
                var (code, output, error) = await RunAsync([.. verb.Split(' '), .. command.Arguments.Select(_ => "x"), option.Name, wrong]);

                Assert.Equal((2, ""), (code, output));
                Assert.Contains($"{option.Name} '{wrong}' must be ", error, StringComparison.Ordinal);
                Assert.DoesNotContain("System.", error, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_OfEveryVerb_FitsAndSaysWhatEachWordIs(string verb)
    {
        var (code, output, error) = await RunAsync([.. verb.Split(' '), "--help"]);

        Assert.Equal((0, ""), (code, error));
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, Columns));
        Assert.Contains($"mg {verb}", output, StringComparison.Ordinal);
        var command = All().Single(leaf => leaf.Path == verb).Command;
        Assert.All(
            command.Arguments.Cast<Symbol>().Concat(command.Options).Append(command),
            symbol => Assert.False(string.IsNullOrWhiteSpace(symbol.Description), symbol.Name));
    }

    [Theory]
    [InlineData("serv", "serve")]
    [InlineData("keys lst", "list")]
    [InlineData("keys list --acount x", "--account")]
    public async Task Word_Misspelt_IsRefusedWithTheNearestRightOne(string line, string nearest)
    {
        var (code, output, error) = await RunAsync(line.Split(' '));

        Assert.Equal((2, ""), (code, output));
        Assert.Contains($"did you mean {nearest}?", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keys", "list")]
    [InlineData("ledger", "verify")]
    public async Task Group_WithoutItsVerb_NamesItsVerbsAsAnError(string group, string verb)
    {
        var (code, output, error) = await RunAsync(group);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(verb, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoWord_IsAnsweredWithTheHelp()
    {
        var (code, output, _) = await RunAsync();

        Assert.Equal(0, code);
        Assert.All(CommandLine.Build().Subcommands, verb => Assert.Contains($"  {verb.Name} ", output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Argument_WithSignsOfATerminal_IsShownWithoutThem()
    {
        var (_, _, error) = await RunAsync("\u001b[31mred");

        Assert.DoesNotContain('\u001b', error);
    }

    [Fact]
    public async Task Operator_WithoutToken_IsToldWhereItMayStand()
    {
        var (code, output, error) = await RunAsync("keys", "list", "--url", "http://192.0.2.1:8080");

        Assert.Equal((2, ""), (code, output));
        Assert.Equal(1, error.Count(c => c == '\n'));
        Assert.Contains("METERING_ADMIN_TOKEN", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LocalVerbs_WithoutAWordOrWithAWrongOne_AnswerAsTheOthersDo()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        Assert.Equal(0, await LocalCommandLine.RunAsync([], output, error));
        Assert.All(
            LocalCommandLine.Build().Subcommands, verb => Assert.Contains($"  {verb.Name} ", output.ToString(), StringComparison.Ordinal));
        Assert.Equal("", error.ToString());
        var (code, nothing, refusal) = await RunAsync("demo-provider", "--prot\u001b[31m", "9000");
        Assert.Equal((2, ""), (code, nothing));
        Assert.Contains("--prot\\u001b[31m' is no verb, option or argument here.", refusal, StringComparison.Ordinal);
        Assert.Contains("mg demo-provider --help shows how.", refusal, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Path, Command Command)> All() =>
        [.. Leaves(CommandLine.Build(), ""), .. Leaves(LocalCommandLine.Build(), "")];

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path) =>
        command.Subcommands.SelectMany(child =>
        {
            var below = $"{path} {child.Name}".Trim();
            return child.Subcommands.Count > 0 ? Leaves(child, below) : [(below, child)];
        });

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var isLocal = arguments.Length > 0 && LocalCommandLine.Build().Subcommands.Any(verb => verb.Name == arguments[0]);
        var code = isLocal
            ? await LocalCommandLine.RunAsync(arguments, output, error)
            : await CommandLine.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
