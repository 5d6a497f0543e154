using System.Text.RegularExpressions;
using MeteringGateway.BrowserTests.Harness;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;
using Microsoft.Playwright;

namespace MeteringGateway.BrowserTests.Bounds;

/// <summary>The cookies of those who have signed in: out of reach of scripts and other sites, and good for no API.</summary>
[Collection(ConsoleTestGroup.Name)]
public sealed partial class CookieTests(ConsoleWorld world)
{
    private static readonly (HttpMethod Method, string Path)[] s_calls =
    [
        (HttpMethod.Get, "api/me/wallet"), (HttpMethod.Get, "api/me/keys"), (HttpMethod.Get, "api/me/ledger"),
        (HttpMethod.Post, "api/v1/query"), (HttpMethod.Get, "admin/accounts"), (HttpMethod.Get, "subscription"),
    ];

    [Fact]
    public async Task Cookies_OverHttp_AreHiddenFromScriptsAndBoundToTheConsole()
    {
        await using var visit = await WatchedPage.OpenAsync(world.Gateway);
        await visit.SignInAsync(await world.NewPersonAsync());
        await visit.SignInOperatorAsync(GatewayProcess.AdminToken);

        var cookies = await visit.Context.CookiesAsync();

        Assert.Equal(["mg_console", "mg_form", "mg_operator"], cookies.Select(cookie => cookie.Name).Order(StringComparer.Ordinal));
        Assert.All(cookies, cookie => Assert.Equal((true, "/console", false), (cookie.HttpOnly, cookie.Path, cookie.Secure)));
        Assert.All(cookies, cookie => Assert.True(cookie.SameSite is SameSiteAttribute.Lax or SameSiteAttribute.Strict, cookie.Name));
        Assert.Equal("", await visit.Page.EvaluateAsync<string>("() => document.cookie"));
        visit.ExpectClean();
    }

    [Fact]
    public async Task Cookie_BehindTls_HasThePrefixThatBindsItToTheHost()
    {
        await using var gateway = await world.StartAsync(("PublicUrl", "https://gateway.example"));
        var person = await world.NewPersonAsync();
        var door = await gateway.Client.SendAsync(HttpMethod.Get, "console/sign-in", null, null);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["form_token"] = Token().Match(door.Text).Groups[1].Value,
            ["email"] = person.Email,
            ["password"] = person.Password,
        });

        var answer = await gateway.Client.SendAsync(
            HttpMethod.Post, "console/sign-in", null, form, ("Cookie", door.Headers["Set-Cookie"].Split(';')[0]));

        Assert.Equal(303, (int)answer.Status);
        var cookie = answer.Headers["Set-Cookie"].ToLowerInvariant();
        Assert.Contains("__host-mg_console=mgc_", cookie, StringComparison.Ordinal);
        Assert.All(["path=/;", "secure", "httponly", "samesite=lax"], part => Assert.Contains(part, cookie, StringComparison.Ordinal));
        Assert.DoesNotContain("domain=", cookie, StringComparison.Ordinal);
    }

    /// <summary>Operators reach an address of <c>Management:Urls</c> as it is, whatever customers are told.</summary>
    [Fact]
    public async Task OperatorsCookie_OnAPlainAddressOfManagement_IsAPlainOne()
    {
        var management = new Uri($"http://127.0.0.1:{LoopbackPort.Free()}");
        await using var gateway = await world.StartAsync(
            ("PublicUrl", "https://gateway.example"), ("Management__Urls", management.GetLeftPart(UriPartial.Authority)));
        using var client = new GatewayClient(management);
        var door = await client.SendAsync(HttpMethod.Get, "console/operator/sign-in", null, null);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["form_token"] = Token().Match(door.Text).Groups[1].Value,
            ["token"] = GatewayProcess.AdminToken,
        });

        var answer = await client.SendAsync(
            HttpMethod.Post, "console/operator/sign-in", null, form, ("Cookie", door.Headers["Set-Cookie"].Split(';')[0]));

        Assert.Equal((303, "/console/operator"), ((int)answer.Status, answer.Headers["Location"]));
        var cookie = answer.Headers["Set-Cookie"];
        Assert.StartsWith("mg_operator=mgc_", cookie, StringComparison.Ordinal);
        Assert.All(
            ["path=/console", "httponly", "samesite=lax"], part => Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
        var shown = await client.SendAsync(HttpMethod.Get, "console/operator", null, null, ("Cookie", cookie.Split(';')[0]));
        Assert.Equal(200, (int)shown.Status);
    }

    [Fact]
    public async Task Cookies_AtTheApis_AreNothing()
    {
        await using var visit = await WatchedPage.OpenAsync(world.Gateway);
        await visit.SignInAsync(await world.NewPersonAsync());
        await visit.SignInOperatorAsync(GatewayProcess.AdminToken);
        var cookies = await visit.Context.CookiesAsync();
        var header = string.Join("; ", cookies.Select(cookie => $"{cookie.Name}={cookie.Value}"));

        foreach (var (method, path) in s_calls)
        {
            Assert.Equal((path, 401), (path, (int)(await world.Client.SendAsync(method, path, null, null, ("Cookie", header))).Status));
            foreach (var secret in cookies.Select(cookie => cookie.Value))
            {
                var answers = new[]
                {
                    await world.Client.SendAsync(method, path, secret, null),
                    await world.Client.SendAsync(method, path, null, null, ("X-Session", secret)),
                    await world.Client.SendAsync(method, path, null, null, ("X-Api-Key", secret)),
                };
                Assert.All(answers, answer => Assert.Equal((path, 401), (path, (int)answer.Status)));
            }
        }
    }

    [GeneratedRegex("name=\"form_token\"[^>]*value=\"([^\"]*)\"")]
    private static partial Regex Token();
}
