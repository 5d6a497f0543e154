using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Configuration;
using MeteringGateway.Telemetry;

namespace MeteringGateway.Hosting;

/// <summary>
/// Looks at the configuration file and puts a changed one into force, if it is right from end to end. It compares
/// contents instead of waiting for the file system's events: those miss a swapped symbolic link and network mounts,
/// and tell of a file while it is half written.
/// </summary>
internal sealed partial class SurfaceReloader(
    IConfigurationRoot root,
    AcceptedClusters accepted,
    SurfaceSource source,
    OwnRoutes own,
    GatewayMetrics metrics,
    ReloadJournal journal,
    TimeProvider time,
    ILogger<SurfaceReloader> logger) : BackgroundService
{
    /// <summary>
    /// A change is in force after one to two of these, which is soon for a person; reading a small file this often costs nothing.
    /// </summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Beyond the longest call: a request takes the catalog a moment before its deadline starts.</summary>
    private static readonly TimeSpan RetireGrace = TimeSpan.FromSeconds(5);

    /// <summary>Beside the surfaces, whose changes are told surface by surface.</summary>
    private static readonly string[] s_reloaded = ["ReverseProxy:", "Providers:"];

    private readonly GatewayFileProvider? _file = GatewayConfiguration.FileOf(root);
    private readonly Dictionary<string, string> _started = SettingsDifference.Settings(root);
    private Dictionary<string, string> _last = SettingsDifference.Settings(root);
    private string? _decided;
    private string? _seen;
    private DateTimeOffset? _retireAt;

    /// <summary>One look. A change counts once two looks in a row have seen the same: an editor or a copy is done by then.</summary>
    public void Look()
    {
        if (_file is null)
            return;
        RetireWhenDue();
        var fingerprint = GatewayFileProvider.FingerprintOf(_file.FilePath);
        var settled = fingerprint == _seen;
        _seen = fingerprint;
        _decided ??= _file.Fingerprint;
        if (!settled || fingerprint == _decided)
            return;
        _decided = fingerprint;
        Reload();
    }

    /// <summary>The metrics of the first configuration are there before the first request.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Show(source.Current);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Look();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway stops.
        }
    }

    private void Reload()
    {
        var errors = new ConfigurationErrors();
        try
        {
            using var candidate = GatewayConfiguration.Reread(root);
            SettingsReader.ReadOptions(candidate, errors);
            var read = SurfaceCatalogReader.Read(candidate, errors);
            if (read is not null)
                own.Check(read, errors);
            if (read is { } catalog && !errors.Any)
            {
                var before = source.Current;

                // YARP first: a surface must not name a cluster that isn't there yet.
                accepted.Publish(candidate);
                RetireAfterLongestCallOf(before);
                source.Replace(catalog);
                Show(catalog);
                metrics.ConfigReload("accepted");
                LogAccepted(_file!.FilePath, catalog.Slugs.Length, catalog.Providers.Count);
                journal.Add(isAccepted: true, LogDifferences(before, catalog, SettingsDifference.Settings(candidate)));
                return;
            }
        }
        catch (ConfigurationException e)
        {
            errors.AddRange(e.Lines);
        }
        metrics.ConfigReload("rejected");
        journal.Add(isAccepted: false, errors.Lines);
        foreach (var line in errors.Lines)
            LogRejected(_file!.FilePath, line);
    }

    /// <summary>Answers what it has logged.</summary>
    private List<string> LogDifferences(SurfaceCatalog before, SurfaceCatalog after, Dictionary<string, string> settings)
    {
        var lines = SurfaceChange.Between(before, after).SelectMany(change => change.Lines).ToList();
        lines.ForEach(LogChanged);
        foreach (var key in SettingsDifference.Keys(_last, settings))
        {
            if (s_reloaded.Any(section => key.StartsWith(section, StringComparison.OrdinalIgnoreCase)))
                LogChanged(Said(SettingsDifference.Line(key, _last, settings)));
            else if (!key.StartsWith("Surfaces:", StringComparison.OrdinalIgnoreCase)
                && _started.GetValueOrDefault(key) != settings.GetValueOrDefault(key))
                LogNeedsRestart(Said(SettingsDifference.Line(key, _started, settings)));
        }
        _last = settings;
        return lines;

        string Said(string line)
        {
            lines.Add(line);
            return line;
        }
    }

    /// <summary>A reload may follow before the last one's clusters are gone; the later end holds for all.</summary>
    private void RetireAfterLongestCallOf(SurfaceCatalog replaced)
    {
        var end = time.GetUtcNow() + replaced.LongestCall + RetireGrace;
        if (_retireAt is null || end > _retireAt)
            _retireAt = end;
    }

    private void RetireWhenDue()
    {
        if (_retireAt is null || time.GetUtcNow() < _retireAt)
            return;
        _retireAt = null;
        accepted.Retire();
    }

    private void Show(SurfaceCatalog catalog) => metrics.Known(catalog.Slugs, catalog.Providers.Keys);

    [LoggerMessage(1, LogLevel.Information, "Reloaded {File}: {Surfaces} surfaces, {Providers} providers")]
    private partial void LogAccepted(string file, int surfaces, int providers);

    [LoggerMessage(3, LogLevel.Information, "Reloaded {Difference}")]
    private partial void LogChanged(string difference);

    [LoggerMessage(4, LogLevel.Warning, "{Difference} needs a restart; until then the value of the start holds")]
    private partial void LogNeedsRestart(string difference);

    [LoggerMessage(2, LogLevel.Error, "Reload of {File} rejected, the configuration before it stays in force: {Line}")]
    private partial void LogRejected(string file, string line);
}
