using MeteringGateway.Configuration;
using MeteringGateway.Telemetry;

namespace MeteringGateway.Tests.Telemetry;

public sealed class ExportPlanTests
{
    private const string Base = "OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318";

    [Theory]
    [InlineData("", null, null)]
    [InlineData("OTEL_SERVICE_NAME=x", null, null)]
    [InlineData(Base, "http://c:4318", "http://c:4318")]
    [InlineData(Base + " OTEL_SDK_DISABLED=true", null, null)]
    [InlineData(Base + " OTEL_SDK_DISABLED=false", "http://c:4318", "http://c:4318")]
    [InlineData(Base + " OTEL_METRICS_EXPORTER=none", null, "http://c:4318")]
    [InlineData(Base + " OTEL_TRACES_EXPORTER=none", "http://c:4318", null)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=https://t", null, "https://t")]
    [InlineData(Base + " OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=https://m", "https://m", "http://c:4318")]
    [InlineData("OTEL_TRACES_EXPORTER=otlp", null, "http://localhost:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=", null, null)]
    public void Read_Variables_SaysWhatGoesWhere(string variables, string? metrics, string? traces) =>
        Assert.Equal(new ExportPlan(metrics, traces), ExportPlan.Read(Of(variables)));

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=collector:4317", "must be an address")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=ftp://c", "must be an address")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL=http/json", "must be 'grpc' or 'http/protobuf'")]
    [InlineData("OTEL_TRACES_EXPORTER=zipkin", "must be 'otlp' or 'none'")]
    [InlineData("OTEL_TRACES_SAMPLER=sometimes", "must be always_on")]
    [InlineData("OTEL_SDK_DISABLED=yes", "must be 'true' or 'false'")]
    public void Read_WrongValue_IsOneLineThatNamesIt(string variable, string right)
    {
        var line = Assert.Single(Assert.Throws<ConfigurationException>(() => ExportPlan.Read(Of(variable))).Lines);
        Assert.StartsWith(variable.Split('=')[0], line, StringComparison.Ordinal);
        Assert.Contains(right, line, StringComparison.Ordinal);
    }

    [Fact]
    public void Shown_AddressWithAPassword_HidesIt() => Assert.Equal("https://c/x", ExportPlan.Shown("https://me:secret@c/x?token=1"));

    private static Dictionary<string, string> Of(string variables) => variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .ToDictionary(variable => variable.Split('=')[0], variable => variable.Split('=')[1]);
}
