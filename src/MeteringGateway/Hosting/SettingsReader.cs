using System.Globalization;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Configuration;
using MeteringGateway.Http.Bounds;
using MeteringGateway.Http.Edge;

namespace MeteringGateway.Hosting;

/// <summary>
/// Reads a whole configuration, every section with the reader that it has: at the start, at each reload, and to learn which
/// names anybody reads.
/// </summary>
internal static class SettingsReader
{
    /// <summary>All but surfaces and providers, whose reader builds what they are used as. Answers the options by their class.</summary>
    public static IReadOnlyDictionary<OptionsSection, object> ReadOptions(IConfiguration configuration, ConfigurationErrors errors)
    {
        SectionNames.Check(configuration, errors);
        FrameworkSections.Check(configuration, errors);
        if (configuration is IConfigurationRoot root)
        {
            foreach (var environment in root.Providers.OfType<GatewayEnvironment>())
                environment.Check(ReadNames, errors);
        }
        PublicUrl.Check(configuration, errors);
        var options = OptionsSection.All.ToDictionary(section => section, section => section.Read(configuration, errors));
        CheckTogether(options.Values, errors);
        return options;
    }

    /// <summary>What only two sections together can be wrong about.</summary>
    private static void CheckTogether(IReadOnlyCollection<object> options, ConfigurationErrors errors)
    {
        var held = options.OfType<AnswersOptions>().Single().HoldBytes;
        var most = options.OfType<MemoryOptions>().Single().MaxBufferedBytes;
        if (held > most)
            errors.Add(
                $"{AnswersOptions.Section}:{nameof(AnswersOptions.HoldBytes)}", held.ToString(CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"at most Memory:MaxBufferedBytes, which is {most}"));
    }

    private static void ReadNames(IConfiguration configuration, ConfigurationErrors errors)
    {
        ReadOptions(configuration, errors);
        SurfaceCatalogReader.Read(configuration, errors);
    }
}
