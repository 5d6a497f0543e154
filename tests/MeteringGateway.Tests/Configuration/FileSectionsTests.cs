using MeteringGateway.Configuration;

namespace MeteringGateway.Tests.Configuration;

public sealed class FileSectionsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("""{ "Credit": { "Usd": 5 } }""", "Credit is unknown: did you mean Credits?")]
    [InlineData("""{ "surface": {} }""", "surface is unknown: did you mean Surfaces?")]
    [InlineData("""{ "Url": "http://127.0.0.1:8080" }""", "Url is unknown: did you mean Urls?")]
    [InlineData("""{ "Admin": "geheim" }""", "Admin is a single value or an empty list: must be an object { … }")]
    [InlineData("""{ "Surfaces": [] }""", "Surfaces is a single value or an empty list: must be an object { … }")]
    public void Check_WrongSection_OneClearLine(string content, string line) => Assert.Equal([line], Check(content));

    [Theory]
    [InlineData("""{ "credits": {}, "Urls": "http://127.0.0.1:8080", "Ledger": null }""")]
    [InlineData("""{ "Logging": { "LogLevel": { "Default": "Debug" } }, "AllowedHosts": "*", "Kestrel": {}, "$schema": "x" }""")]
    public void Check_OursAndOthers_Accepted(string content) => Assert.Empty(Check(content));

    private IReadOnlyList<string> Check(string content)
    {
        File.WriteAllText(_file, content);
        var errors = new ConfigurationErrors();
        FileSections.Check(GatewayConfiguration.FileOf(GatewayConfiguration.LoadFile(_file))!, errors);
        return errors.Lines;
    }
}
