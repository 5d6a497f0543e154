using System.Collections.Frozen;
using System.Text.RegularExpressions;
using MeteringGateway.Calls.Surfaces.Fields;
using MeteringGateway.Calls.Surfaces.Prices;
using MeteringGateway.Calls.Surfaces.TestAnswers;
using MeteringGateway.Configuration;

namespace MeteringGateway.Calls.Surfaces;

/// <summary>Reads one <c>Surfaces:&lt;slug&gt;</c>.</summary>
internal static partial class SurfaceReader
{
    /// <summary>
    /// Long enough for an answer that is worth waiting for, short enough that a forgotten provider doesn't hold a client.
    /// </summary>
    private static readonly TimeSpan DefaultAttemptTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Three attempts of the default length.</summary>
    private static readonly TimeSpan DefaultTotalTimeout = TimeSpan.FromSeconds(30);

    /// <summary>A hold lives a little longer than this, so credits could be out of reach that long after a crash.</summary>
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    /// <summary>A long answer of a language model takes minutes; what runs on for longer has been forgotten.</summary>
    private static readonly TimeSpan DefaultStreamTimeout = TimeSpan.FromMinutes(10);

    /// <summary>A stream's hold is extended while it runs, so after a crash it is gone as soon as any other.</summary>
    private static readonly TimeSpan LongestStreamTimeout = TimeSpan.FromDays(1);

    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(10);

    /// <summary>What another provider may do better: too busy, broken, or not there.</summary>
    private static readonly FrozenSet<int> DefaultFallbackStatuses = FrozenSet.Create(408, 429, 500, 502, 503, 504);

    /// <summary>It is in each of the surface's entries.</summary>
    private const int LongestName = 200;
    private const int LongestDescription = 2000;

    private const int DefaultMaxRequestBytes = 1024 * 1024;

    /// <summary>A request is buffered whole, so this times the number of calls in flight must fit into memory.</summary>
    private const int MostMaxRequestBytes = 100 * 1024 * 1024;

    /// <summary>Answers null when wrong, which has then been reported.</summary>
    public static Surface? Read(IConfigurationSection section, FrozenDictionary<string, string> providerNames, ConfigurationErrors errors)
    {
        var before = errors.Lines.Count;
        if (!SlugForm().IsMatch(section.Key))
            errors.Add(
                section.Path, section.Key, "a name of 1 to 64 lower-case letters, digits, '-' and '_' that starts with a letter or digit");
        if (section.Value is not null && !section.GetChildren().Any())
        {
            errors.AddWithoutValue(section.Path, ConfigurationShape.NoObject);
            return null;
        }
        var fields = new SectionFields(section, errors);
        var name = fields.Text("Name", LongestName);
        var description = fields.Text("Description", LongestDescription);
        var price = PriceReader.Read(fields.Field("Price"), errors);
        var chain = ChainReader.Read(fields, providerNames, errors);
        var (attempt, total) = Timeouts(fields, errors);
        var stream = fields.Duration("StreamTimeout", ShortestTimeout, LongestStreamTimeout) ?? DefaultStreamTimeout;
        var statuses = FallbackStatuses(fields, errors);
        var bytes = fields.Whole("MaxRequestBytes", 1, MostMaxRequestBytes);
        var own = chain.Where(entry => entry.Price is not null).ToArray();
        var readsRequest = price?.ReadsRequest == true || own.Any(entry => entry.Price!.ReadsRequest);
        var routes = RoutesReader.Read(fields, readsRequest, errors);
        var passed = PassHeadersReader.Read(fields, errors);
        var asks = fields.Truth("AskForUsage") ?? false;
        var answer = TestAnswerReader.Read(fields, errors, out var answerText);
        fields.RefuseOthers();
        if (price is null || errors.Lines.Count > before)
            return null;
        var surface = new Surface(
            section.Key, name ?? section.Key, description, price, [.. chain.Select(entry => entry.Name)], attempt, total, statuses,
            (int)(bytes ?? DefaultMaxRequestBytes))
        {
            PriceText = PriceText.Of(section.GetSection("Price")),
            ProviderPrices = own.ToFrozenDictionary(entry => entry.Name, entry => entry.Price!, StringComparer.OrdinalIgnoreCase),
            ProviderPriceTexts = own.ToFrozenDictionary(entry => entry.Name, entry => entry.PriceText, StringComparer.OrdinalIgnoreCase),
            StreamTimeout = stream,
            Routes = routes,
            PassHeaders = passed,
            AsksForUsage = asks,
            TestAnswerText = answerText,
        };
        return answer is null ? surface : surface with { TestAnswer = answer };
    }

    private static (TimeSpan Attempt, TimeSpan Total) Timeouts(SectionFields fields, ConfigurationErrors errors)
    {
        var total = fields.Duration("TotalTimeout", ShortestTimeout, LongestTimeout) ?? DefaultTotalTimeout;
        var attempt = fields.Duration("AttemptTimeout", ShortestTimeout, LongestTimeout);
        if (attempt > total)
            errors.Add($"{fields.Path}:AttemptTimeout", attempt.ToString(), $"at most TotalTimeout, which is {total}");
        // An operator that only shortens the total means the attempts, too.
        return (attempt ?? (total < DefaultAttemptTimeout ? total : DefaultAttemptTimeout), total);
    }

    private static FrozenSet<int> FallbackStatuses(SectionFields fields, ConfigurationErrors errors)
    {
        if (fields.List("FallbackStatuses") is not { } listed)
            return DefaultFallbackStatuses;
        var statuses = new HashSet<int>();
        foreach (var element in listed)
        {
            var status = (int)(fields.Whole(element, 100, 599) ?? 0);
            if (status is >= 200 and < 300)
                errors.Add(element.Path, element.Value, "outside 200 to 299: those are answers, and they are charged");
            statuses.Add(status);
        }
        return statuses.ToFrozenSet();
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9_-]{0,63}\z")]
    private static partial Regex SlugForm();
}
