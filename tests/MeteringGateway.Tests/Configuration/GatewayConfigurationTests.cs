using MeteringGateway.Configuration;

namespace MeteringGateway.Tests.Configuration;

public sealed class GatewayConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-config-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void LoadFile_Override_WinsOverFile()
    {
        var root = GatewayConfiguration.LoadFile(
            Written("""{ "Credits": { "Usd": 0.5, "HoldGrace": "00:00:10" } }"""), [new("Credits:Usd", "2")]);

        Assert.Equal("2", root["Credits:Usd"]);
        Assert.Equal("00:00:10", root["Credits:HoldGrace"]);
    }

    [Fact]
    public void LoadFile_Missing_OneLineNamesIt()
    {
        var path = Path.Combine(_folder, "none.json");

        var line = Assert.Single(Assert.Throws<ConfigurationException>(() => GatewayConfiguration.LoadFile(path)).Lines);

        Assert.StartsWith($"{path} is missing", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\n  \"Credits\": {,\n}", ":2:15 is not JSON")]
    [InlineData("", ":1:1 is not JSON")]
    [InlineData("[]", "is not usable")]
    [InlineData("{ \"A\": 1, \"a\": 2 }", ":1 has 'a' a second time in one object: must be there once")]
    [InlineData("{\n \"Ledger\": { \"BatchSize\": 1 },\n \"ledger\": { \"MaxBacklog\": 2 } }", ":3 has 'ledger' a second time")]
    [InlineData("{ \"Surfaces\": { \"a\": { \"Name\": \"\\ud800\" } } }", "has a text with half of a surrogate pair")]
    [InlineData("{ \"A\": 1", ":1:9 is not JSON")]
    [InlineData("\"text\"", "is not usable")]
    [InlineData("null", "is not usable")]
    public void LoadFile_Malformed_OneLineWithPosition(string content, string expected)
    {
        var path = Written(content);

        var line = Assert.Single(Assert.Throws<ConfigurationException>(() => GatewayConfiguration.LoadFile(path)).Lines);

        Assert.StartsWith(path, line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Theory]
    [InlineData("\uFEFF{ \"Credits\": { \"Usd\": 2 } }")]
    [InlineData("// a comment\n{ /* another */ \"Credits\": { \"Usd\": 2, }, }")]
    public void LoadFile_MarkCommentsAndTrailingCommas_Read(string content) =>
        Assert.Equal("2", GatewayConfiguration.LoadFile(Written(content))["Credits:Usd"]);

    [Fact]
    public void LoadFile_NotUtf8_OneLineSaysSo()
    {
        var path = Path.Combine(_folder, "gateway.json");
        File.WriteAllBytes(path, [.. "{ \"A\": \"caf"u8, 0xe9, .. "\" }"u8]);

        Assert.Equal(
            $"{path} is not text in UTF-8: must be saved as UTF-8",
            Assert.Single(Assert.Throws<ConfigurationException>(() => GatewayConfiguration.LoadFile(path)).Lines));
    }

    [Fact]
    public void LoadFile_Folder_OneLineSaysThatItCantBeRead() =>
        Assert.StartsWith(
            $"{_folder} can't be read",
            Assert.Single(Assert.Throws<ConfigurationException>(() => GatewayConfiguration.LoadFile(_folder)).Lines),
            StringComparison.Ordinal);

    private string Written(string content)
    {
        var path = Path.Combine(_folder, "gateway.json");
        File.WriteAllText(path, content);
        return path;
    }
}
