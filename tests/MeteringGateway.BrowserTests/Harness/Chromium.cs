using MeteringGateway.Local.LocalServers;
using Microsoft.Playwright;

namespace MeteringGateway.BrowserTests.Harness;

/// <summary>
/// One Chromium for all tests, the system's own; it ends with the test process. Any number of callers at once, each with a context of its
/// own.
/// </summary>
internal static class Chromium
{
    /// <summary>A busy machine takes longer to draw a page, and no test is about how long.</summary>
    public const float Patience = 60_000;

    private static readonly Lazy<Task<IBrowser>> s_browser = new(LaunchAsync);

    public static Task<IBrowser> GetAsync() => s_browser.Value;

    private static async Task<IBrowser> LaunchAsync()
    {
        var program = ShellCommand.Find("chromium") ?? throw new InvalidOperationException("chromium is missing; ./test installs it.");

        // Chromium's own sandbox does not run as root, and no page of elsewhere is opened.
        string[] arguments = Environment.IsPrivilegedProcess ? ["--no-sandbox", "--no-proxy-server"] : ["--no-proxy-server"];
        var playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Args = arguments,
            Timeout = Patience,
        });
    }
}
