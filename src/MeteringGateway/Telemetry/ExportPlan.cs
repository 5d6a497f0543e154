using MeteringGateway.Configuration;

namespace MeteringGateway.Telemetry;

/// <summary>
/// What goes out over OTLP, as OpenTelemetry's variables of the environment say it: nothing, unless an endpoint is named or an exporter
/// asked for.
/// </summary>
/// <param name="Metrics">Where metrics go; null: nowhere.</param>
/// <param name="Traces">Where traces go; null: nowhere.</param>
internal sealed record ExportPlan(string? Metrics, string? Traces)
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>What OpenTelemetry takes where an exporter is asked for and no endpoint is named.</summary>
    private const string DefaultEndpoint = "http://localhost:4317";

    private const string Address = "an address that begins with http:// or https://";

    private static readonly string[] s_samplers =
        ["always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio"];

    /// <exception cref="ConfigurationException">With all that is wrong: the library would go on without a word.</exception>
    public static ExportPlan Read(IReadOnlyDictionary<string, string> variables)
    {
        var errors = new ConfigurationErrors();
        Check("OTEL_SDK_DISABLED", value => bool.TryParse(value, out _), "'true' or 'false'");
        Check("OTEL_TRACES_SAMPLER", s_samplers.Contains, string.Join(", ", s_samplers));
        foreach (var protocol in new[] { "", "TRACES_", "METRICS_" })
        {
            Check($"OTEL_EXPORTER_OTLP_{protocol}PROTOCOL", value => value is "grpc" or "http/protobuf", "'grpc' or 'http/protobuf'");
        }

        Check(Endpoint, IsWebAddress, Address);
        var plan = new ExportPlan(Target("METRICS"), Target("TRACES"));
        errors.ThrowIfAny();
        return Value("OTEL_SDK_DISABLED") is { } disabled && bool.Parse(disabled) ? new ExportPlan(null, null) : plan;

        string? Target(string signal)
        {
            var own = Endpoint.Replace("OTLP_", $"OTLP_{signal}_", StringComparison.Ordinal);
            Check(own, IsWebAddress, Address);
            var exporter = Value($"OTEL_{signal}_EXPORTER");
            Check($"OTEL_{signal}_EXPORTER", value => value is "otlp" or "none", "'otlp' or 'none'");
            var endpoint = Value(own) ?? Value(Endpoint);
            return exporter == "none" ? null : endpoint ?? (exporter is null ? null : DefaultEndpoint);
        }

        string? Value(string name) => variables.GetValueOrDefault(name) is { Length: > 0 } value ? value.Trim() : null;

        void Check(string name, Predicate<string> isRight, string right)
        {
            if (Value(name) is { } value && !isRight(value))
            {
                errors.Add(name, value, right);
            }
        }
    }

    /// <summary>The variables of this process.</summary>
    public static IReadOnlyDictionary<string, string> Environment() =>
        System.Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Where(variable => ((string)variable.Key).StartsWith("OTEL_", StringComparison.Ordinal))
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);

    /// <summary>An address may carry a password, which nobody is shown.</summary>
    public static string? Shown(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) ? $"{uri.Scheme}://{uri.Authority}{uri.AbsolutePath}" : address;

    private static bool IsWebAddress(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
}
