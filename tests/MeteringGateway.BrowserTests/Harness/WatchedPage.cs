using System.Collections.Concurrent;
using MeteringGateway.Testing;
using Microsoft.Playwright;

namespace MeteringGateway.BrowserTests.Harness;

/// <summary>
/// A tab of a visitor of one's own, that keeps what no page of the console may do: break its own policy, ask another host, throw, or name
/// something that is not there.
/// </summary>
internal sealed class WatchedPage : IAsyncDisposable
{
    /// <summary>Chromium tells of a blocked form in the console alone; of all else the event is more exact.</summary>
    private const string TellViolations =
        "document.addEventListener('securitypolicyviolation', e => console.error(`policy: ${e.effectiveDirective} ${e.blockedURI}`))";

    private readonly ConcurrentQueue<string> _faults = new();
    private readonly IBrowserContext _context;
    private readonly string[] _origins;

    private readonly GatewayProcess _gateway;

    private WatchedPage(GatewayProcess gateway, IBrowserContext context, IPage page, string[] origins)
    {
        (_gateway, _context, _origins, Page) = (gateway, context, origins, page);
        page.Request += (_, request) => Note(IsElsewhere(request.Url), () => $"asks {request.Url}");
        page.PageError += (_, error) => _faults.Enqueue($"{page.Url} throws {error}");
        page.Response += (_, response) => Note(
            response.Status >= 400 && response.Request.ResourceType != "document", () => $"has {response.Status} from {response.Url}");
        page.Console += (_, message) => Note(IsFault(message), () => message.Text);
        page.Dialog += async (_, dialog) => await dialog.AcceptAsync();
    }

    public IPage Page { get; }
    public IBrowserContext Context => _context;

    /// <param name="gateway">The one that is visited.</param>
    /// <param name="isScripted">False: JavaScript is off.</param>
    /// <param name="origins">Payment pages that may be visited as well.</param>
    public static async Task<WatchedPage> OpenAsync(GatewayProcess gateway, bool isScripted = true, params string[] origins)
    {
        var origin = gateway.Address.GetLeftPart(UriPartial.Authority);
        var browser = await Chromium.GetAsync();
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = origin,
            JavaScriptEnabled = isScripted,
            ColorScheme = ColorScheme.Light,
            ViewportSize = new ViewportSize { Width = 1280, Height = 900 },
            Locale = "en-US",
            TimezoneId = "UTC",
        });
        context.SetDefaultTimeout(Chromium.Patience);
        await context.AddInitScriptAsync(TellViolations);
        return new WatchedPage(gateway, context, await context.NewPageAsync(), [origin, .. origins]);
    }

    public async Task GoAsync(string path, int status = 200)
    {
        var answer = await Page.GotoAsync(path);
        var log = answer!.Status >= 500 ? _gateway.Log : "";
        Assert.True(answer.Status == status, $"{path} is answered with {answer.Status} {log[Math.Max(0, log.Length - 3_000)..]}");
    }

    public async Task SignInAsync(Person person)
    {
        await GoAsync("/console/sign-in");
        await Page.GetByLabel("Email").FillAsync(person.Email);
        await Page.GetByLabel("Password").FillAsync(person.Password);
        await PressAsync("Sign in");
        await Page.WaitForURLAsync("**/console");
    }

    public async Task SignInOperatorAsync(string token)
    {
        await GoAsync("/console/operator/sign-in");
        await Page.Locator("input[name=token]").FillAsync(token);
        await PressAsync("Sign in");
        await Page.WaitForURLAsync("**/console/operator");
    }

    /// <summary>The token that the forms of the open page carry.</summary>
    public Task<string> TokenAsync() => Page.Locator("input[name=form_token]").First.InputValueAsync();

    /// <summary>A form that this visitor's browser sends, as it is, to wherever it is told; redirects are not followed.</summary>
    public Task<IAPIResponse> PostAsync(string address, string token, params (string Name, string Value)[] fields)
    {
        var form = Context.APIRequest.CreateFormData().Set("form_token", token);
        foreach (var (name, value) in fields)
        {
            form.Set(name, value);
        }

        return Context.APIRequest.PostAsync(address, new APIRequestContextOptions { Form = form, MaxRedirects = 0 });
    }

    public Task PressAsync(string button) =>
        Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = button, Exact = true }).First.ClickAsync();

    /// <summary>The button of the form with this address.</summary>
    public Task SendAsync(string action) => Page.Locator($"form[action='{action}'] button").First.ClickAsync();

    /// <summary>Reloads until the page shows it: what is counted behind the flusher comes a moment later.</summary>
    public Task AwaitTextAsync(string selector, string text) => Eventually.TrueAsync(
        async () =>
        {
            if ((await Page.Locator(selector).AllInnerTextsAsync()).Any(shown => shown.Contains(text, StringComparison.Ordinal)))
            {
                return true;
            }

            await Page.ReloadAsync();
            return false;
        },
        () => $"{Page.Url} does not show '{text}'",
        TimeSpan.FromSeconds(60));

    /// <summary>On the overview or the page of credits.</summary>
    public Task AwaitBalanceAsync(string credits) => Eventually.TrueAsync(
        async () =>
        {
            if (await Page.Locator(".figures .value").First.InnerTextAsync() == credits)
            {
                return true;
            }

            await Page.ReloadAsync();
            return false;
        },
        () => $"{Page.Url} does not show a balance of {credits}",
        TimeSpan.FromSeconds(60));

    public void ExpectClean() => Assert.True(_faults.IsEmpty, string.Join('\n', _faults));

    public async ValueTask DisposeAsync() => await _context.CloseAsync();

    private bool IsElsewhere(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && !_origins.Contains(uri.GetLeftPart(UriPartial.Authority));

    private bool IsFault(IConsoleMessage message) =>
        message.Type is "error" or "warning"
        // A refusal that a test asks for is told as an error, too; what a page loads is looked at by its answers.
        && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)
        // A payment provider's page is none of ours.
        && _origins.Skip(1).All(origin => !Page.Url.StartsWith(origin, StringComparison.Ordinal));

    private void Note(bool isFault, Func<string> what)
    {
        if (isFault)
        {
            _faults.Enqueue($"{Page.Url} {what()}");
        }
    }
}
