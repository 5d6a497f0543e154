using System.Text.Json;
using MeteringGateway.Cli;

namespace MeteringGateway.Tests.Cli;

public sealed class ConfigCheckTests : IDisposable
{
    private const string Good = """
        "ReverseProxy": { "Clusters": { "mine": { "Destinations": { "d": { "Address": "http://127.0.0.1:9999" } } } } },
        "Surfaces": { "own": { "Price": { "Credits": 4 }, "Providers": ["mine"] } }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("config check ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Check_GoodFile_IsOk() => Assert.Equal((0, "ok\n", ""), await CheckAsync($"{{ {Good} }}"));

    [Fact]
    public async Task Check_SeveralWrong_PrintsAllOfEveryStage()
    {
        File.WriteAllText(Path.Combine(_folder, "catalog.json"), """{ "packages": [{ "slug": "a" }] }""");

        var (code, output, error) = await CheckAsync("""
            { "Credits": { "Usd": "cheap" }, "Ledger": { "FlushIntervall": "00:00:01" },
              "ReverseProxy": { "Clusters": { "mine": { "Destinations": { "d": { "Address": "http://127.0.0.1:9999" } } } } },
              "Surfaces": { "own": { "Price": { "Credits": -1 }, "Providers": ["other"] } } }
            """);

        Assert.Equal((2, ""), (code, output));
        foreach (var key
            in new[] { "Credits:Usd", "Ledger:FlushIntervall", "Surfaces:own:Price:Credits", "Surfaces:own:Providers:0", "#/packages/0/" })
        {
            Assert.Contains(key, error, StringComparison.Ordinal);
        }

        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines.Distinct(), lines);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task Check_NoJsonObject_SaysSoWithoutAStack(string text)
    {
        var (code, output, error) = await CheckAsync(text);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains("gateway.json", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_NoFile_IsWrong()
    {
        var (code, _, error) = await RunAsync("config", "check", Path.Combine(_folder, "none.json"));

        Assert.Equal(2, code);
        Assert.Contains("none.json is missing", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_Json_ListsTheProblems()
    {
        var good = await CheckAsync($"{{ {Good} }}", "--json");
        var bad = await CheckAsync($$"""{ "Credits": { "Usd": 0 }, {{Good}} }""", "--json");

        Assert.Equal((0, 2), (good.Code, bad.Code));
        Assert.True(JsonSerializer.Deserialize<JsonElement>(good.Output).GetProperty("ok").GetBoolean());
        Assert.StartsWith(
            "Credits:Usd",
            Assert.Single(JsonSerializer.Deserialize<JsonElement>(bad.Output).GetProperty("problems").EnumerateArray()).GetString(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shop/wares.json", true)]
    [InlineData("none.json", false)]
    public async Task Catalog_File_IsLookedForFromTheFolderOfTheConfiguration(string named, bool isThere)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "shop"));
        File.WriteAllText(Path.Combine(_folder, "shop", "wares.json"), """{ "packages": [{ "slug": "Not A Slug" }] }""");

        var (code, _, error) = await CheckAsync($$"""{ "Catalog": { "File": "{{named}}" }, {{Good}} }""");

        Assert.Equal(2, code);
        Assert.Contains(
            isThere ? "wares.json #/packages/0/slug" : "Catalog:File is 'none.json': must be a file that is there",
            error, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Error)> CheckAsync(string json, params string[] more)
    {
        var file = Path.Combine(_folder, "gateway.json");
        File.WriteAllText(file, json);
        return RunAsync(["config", "check", file, .. more]);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (await CommandLine.RunAsync(arguments, output, error), output.ToString(), error.ToString());
    }
}
