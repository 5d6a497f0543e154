using System.Text.Json;
using MeteringGateway.BrowserTests.Harness;
using MeteringGateway.Testing;
using Microsoft.Playwright;

namespace MeteringGateway.BrowserTests.Looks;

/// <summary>
/// Looks at an open page as different people see it: light and dark, at a desk and on the narrowest phone. What stands in the page must be
/// reachable for all of them.
/// </summary>
internal static class Look
{
    /// <summary>A folder for people who want to see the pages; unset, nothing is drawn.</summary>
    private const string Pictures = "CONSOLE_PICTURES";

    private const int Narrow = 320;

    private static readonly NodeScripts s_scripts = new("Looks/node");
    private static readonly Lazy<Task<string>> s_axe = new(ReadAxeAsync);

    /// <summary>What is wrong with it, with the way of looking in front; none: nothing.</summary>
    public static async Task<IReadOnlyList<string>> AtAsync(WatchedPage watched, string name)
    {
        var faults = new List<string>();
        var page = watched.Page;
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            foreach (var width in new[] { 1280, Narrow })
            {
                await page.SetViewportSizeAsync(width, 900);
                var way = $"{name}, {scheme.ToString().ToLowerInvariant()}, {width}";
                faults.AddRange((await ViolationsAsync(page)).Select(violation => $"{way}: {violation}"));
                if (width == Narrow && await SidewaysAsync(page) is { } wide)
                {
                    faults.Add($"{way}: {wide}");
                }

                await DrawAsync(page, $"{name.Replace('/', '-')}-{scheme.ToString().ToLowerInvariant()}-{width}.png");
            }
        }

        return faults;
    }

    /// <summary>What axe finds serious or worse.</summary>
    private static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page)
    {
        // By the debugger's protocol, which the page's policy does not bind.
        await page.EvaluateAsync(await s_axe.Value);
        var found = await page.EvaluateAsync<JsonElement>(
            """
            async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
              .filter(one => one.impact === 'serious' || one.impact === 'critical')
              .map(one => `${one.id}: ${one.nodes.map(node => `${node.target} ${node.failureSummary}`).slice(0, 3).join(' | ')}`)
            """);
        return [.. found.EnumerateArray().Select(one => one.GetString()!)];
    }

    /// <summary>Null: nothing reaches beyond the window. A table may be wider in a box that scrolls by itself.</summary>
    private static async Task<string?> SidewaysAsync(IPage page)
    {
        var wide = await page.EvaluateAsync<string>(
            """
            () => {
              const root = document.documentElement;
              if (root.scrollWidth <= window.innerWidth) return '';
              const widest = [...document.querySelectorAll('body *')]
                .filter(one => one.getBoundingClientRect().right > window.innerWidth && !one.closest('.scroll'))
                .map(one => `${one.tagName.toLowerCase()}.${one.getAttribute('class')}`);
              return `scrolls sideways, ${root.scrollWidth} px wide: ${widest.slice(0, 5).join(', ')}`;
            }
            """);
        return wide.Length > 0 ? wide : null;
    }

    private static async Task DrawAsync(IPage page, string file)
    {
        if (Environment.GetEnvironmentVariable(Pictures) is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, file), FullPage = true });
        }
    }

    private static async Task<string> ReadAxeAsync()
    {
        await s_scripts.InstallAsync();
        return await File.ReadAllTextAsync(s_scripts.PathOf("node_modules/axe-core/axe.min.js"));
    }
}
