using MeteringGateway.Configuration;

namespace MeteringGateway.Tests.Configuration;

public sealed class GatewayConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-config-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void LoadFile_Override_WinsOverFile()
    {
        var root = GatewayConfiguration.LoadFile(Written("""{ "Credits": { "Usd": 0.5, "HoldGrace": "00:00:10" } }"""), [new("Credits:Usd", "2")]);

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
    [InlineData("{ \"A\": 1, \"a\": 2 }", "is not usable")]
    public void LoadFile_Malformed_OneLineWithPosition(string content, string expected)
    {
        var path = Written(content);

        var line = Assert.Single(Assert.Throws<ConfigurationException>(() => GatewayConfiguration.LoadFile(path)).Lines);

        Assert.StartsWith(path, line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    private string Written(string content)
    {
        var path = Path.Combine(_folder, "gateway.json");
        File.WriteAllText(path, content);
        return path;
    }
}
