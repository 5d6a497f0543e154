using System.Globalization;
using System.Text.RegularExpressions;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Loading;
using MeteringGateway.Engine.Loading.Batches;
using MeteringGateway.Engine.Movements;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Engine.Upkeep;

namespace MeteringGateway.Tests.Engine;

/// <summary>The head of each script is its contract: a head that drifts from the code is worse than none.</summary>
public sealed partial class ScriptHeaderTests
{
    public static TheoryData<string> Scripts => [.. typeof(RedisScript).Assembly.GetManifestResourceNames()
        .Where(name => name.EndsWith(".lua", StringComparison.Ordinal) && name.Contains('-', StringComparison.Ordinal))
        .Select(name => Path.GetFileNameWithoutExtension(name))];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Head_OfEveryScript_SaysKeysArgumentsAnswersAndInvariant(string name)
    {
        var head = Head(name);
        Assert.All(["KEYS", "ARGV", "ANSWERS", "KEEPS"], section => Assert.Contains("-- " + section, head, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Keys_InHeadBodyAndName_AreAsMany(string name)
    {
        var said = RedisScript.Load(name).Head.Keys;
        var used = KeyUse().Matches(RedisScript.Load(name).Text)
            .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).DefaultIfEmpty().Max();
        var named = int.Parse(name[(name.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture);

        // A script names what it counts through in no other way.
        var counted = name switch { "calls-4" or "settle-4" => 4, "load-3" => 3, "waiting-2" => 2, _ => used };
        Assert.Equal((named, named, named == counted), (said, counted, true));
        Assert.Equal(name is "calls-4" or "settle-4" or "load-3" or "waiting-2", RedisScript.Load(name).Head.AnyMoreKeys);
    }

    /// <summary>That callers send as many is what <see cref="RedisConnection"/> asks at each call.</summary>
    [Theory]
    [MemberData(nameof(Scripts))]
    public void Arguments_InHeadAndBody_AreAsMany(string name)
    {
        var script = RedisScript.Load(name);
        var used = ArgumentUse().Matches(script.Text)
            .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).DefaultIfEmpty().Max();

        // What a script counts through, it names in no other way.
        var (counted, anyMore) = name switch
        {
            "drop-holds-2" or "calls-4" or "settle-4" or "load-3" or "waiting-2" => (2, true),
            _ => (used, false),
        };
        Assert.Equal((counted, anyMore), (script.Head.Arguments, script.Head.AnyMore));
    }

    [Theory]
    [InlineData("tombstone-6", typeof(TombstoneStatus))]
    [InlineData("credit-4", typeof(CreditStatus))]
    [InlineData("load-3", typeof(LoadStatus))]
    [InlineData("waiting-2", typeof(WaitingStatus))]
    [InlineData("configure-account-2", typeof(ConfigureStatus))]
    [InlineData("configure-key-2", typeof(ConfigureStatus))]
    [InlineData("inspect-3", typeof(InspectionStatus))]
    [InlineData("sum-holds-3", typeof(SumHoldsStatus))]
    public void Answers_OfAScriptWithItsOwnStatus_AreThoseOfTheEnum(string name, Type status)
    {
        // 0 and the names that only C# knows: no answer came, PostgreSQL has no such account, or neither store can be told.
        var known = Enum.GetValues(status).Cast<object>()
            .Select(value => (Convert.ToInt64(value, CultureInfo.InvariantCulture), value.ToString()))
            .Where(pair => pair.Item1 != 0 && pair.Item2 is not (nameof(CreditStatus.UnknownAccount) or nameof(CommitStatus.Unknown)))
            .Append((ScriptAnswer.Fenced, nameof(ScriptAnswer.Fenced)))
            .Append(name is "load-3" or "waiting-2"
                ? (ScriptAnswer.Failed, nameof(ScriptAnswer.Failed))
                : (ScriptAnswer.NotLoaded, nameof(ScriptAnswer.NotLoaded)))
            .Order();
        Assert.Equal(known, Answers(name).Order());
    }

    [Fact]
    public void Answers_OfAReversal_AreSomeOfACredits() =>
        Assert.Subset(Answers("credit-4").ToHashSet(), Answers("reverse-6").ToHashSet());

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Answers_InTheHead_AreThoseThatTheBodyGives(string name)
    {
        // What a batch says of its operations is read in batch.lua's own head (BatchHeadTests).
        var body = name is "calls-4" or "settle-4"
            ? RedisScript.Resource(name + ".lua").Split('\n').Last(line => line.StartsWith("return ", StringComparison.Ordinal))
            : RedisScript.Load(name).Text;
        var given = Given().Matches(body).Select(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
            .Distinct().Order();
        Assert.Equal(Answers(name).Select(answer => answer.Code).Order(), given);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Memory_WhenItIsShort_RefusesNewHoldsOnly(string name)
    {
        var first = RedisScript.Resource(name + ".lua").Split('\n')[0];
        var holds = name is "calls-4" or "keep-3" or "claim-4" || name.StartsWith("probe", StringComparison.Ordinal);
        var settles = !holds && !first.Contains("no-writes", StringComparison.Ordinal);
        Assert.Equal(settles && name.Length > 0, first.Contains("allow-oom", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Text_AsItIsSent_HasNoComments(string name) =>
        Assert.DoesNotContain("--", RedisScript.Load(name).Text, StringComparison.Ordinal);

    /// <summary>A constant that stays a local would be captured by every function in every run.</summary>
    [Theory]
    [MemberData(nameof(Scripts))]
    public void Text_AsItIsSent_HasItsConstantsInTheirPlaces(string name)
    {
        var text = RedisScript.Load(name).Text;
        Assert.DoesNotMatch(@"(?m)^local [A-Z]", text);
        Assert.DoesNotMatch(@"\b(?:A|K|M)_[A-Z]+\b|\b(?:HELD|SPENT|WINDOW|BUDGET|FORMAT|MOST)\b", text);
    }

    private static string Head(string name) =>
        string.Join('\n', RedisScript.Resource(name + ".lua").Split('\n').Skip(1).TakeWhile(line =>
            line.StartsWith("--", StringComparison.Ordinal) && !line.StartsWith("-- include", StringComparison.Ordinal)));

    private static List<(long Code, string? Name)> Answers(string name) =>
        [.. RedisScript.Load(name).Head.Answers.Select(answer => (answer.Key, (string?)answer.Value))];

    [GeneratedRegex(@"KEYS\[(\d)\]")]
    private static partial Regex KeyUse();

    [GeneratedRegex(@"ARGV\[(\d+)\]")]
    private static partial Regex ArgumentUse();

    [GeneratedRegex(@"return (?:answer\(|\{)?(-?\d+)\b(?! \+ i)")]
    private static partial Regex Given();
}
