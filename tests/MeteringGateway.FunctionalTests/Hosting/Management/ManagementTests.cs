using System.Net;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Hosting.Management;

/// <summary>With <c>Management:Urls</c> set, what is for operators is found there alone, and what is for callers is not.</summary>
public sealed class ManagementTests(ManagementFixture fixture) : IClassFixture<ManagementFixture>
{
    private static readonly string[] s_management = ["/admin", "/metrics", "/healthz", "/readyz", "/openapi", "/docs"];

    /// <summary>Spellings that routing takes for the same path, and what a stranger tries.</summary>
    public static TheoryData<string> Spellings =>
        ["/ADMIN/accounts", "/admin/accounts/", "/admin", "/%61dmin/accounts", "/healthz/", "/Readyz", "/metrics?x=1", "/docs/index.html",
            "/docs", "/openapi/v1.json", "/admin/credits/manual", "/admin/billing/plans", "/admin/checkin/config",
            "/admin/accounts/1/members"];

    [Fact]
    public async Task Operations_EachOfTheDocument_AreFoundOnTheirSideAlone()
    {
        var document = (await fixture.Operator.SendAsync(HttpMethod.Get, "openapi/v1.json", null, null)).Expect(HttpStatusCode.OK);
        var wrong = new List<string>();
        var seen = new Dictionary<bool, int> { [true] = 0, [false] = 0 };
        var operations =
            from path in document.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            where operation.Name != "parameters"
            select (Method: HttpMethod.Parse(operation.Name), Path: path.Name);
        foreach (var (method, path) in operations)
        {
            var isManagement = s_management.Any(start => path == start || path.StartsWith(start + "/", StringComparison.Ordinal));
            var url = string.Join('/', path.Split('/').Select(part => part.StartsWith('{') ? "1" : part)).TrimStart('/');
            var onManagement = await IsServedAsync(fixture.Operator, method, url);
            var onOthers = await IsServedAsync(fixture.Client, method, url);
            seen[isManagement]++;
            if (onManagement != isManagement || onOthers == isManagement)
            {
                wrong.Add($"{method} {path}: management {onManagement}, others {onOthers}");
            }
        }

        Assert.Empty(wrong);
        Assert.True(seen[true] > 40 && seen[false] > 40, $"{seen[true]} and {seen[false]} operations were looked at.");
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task ManagementPath_OnAnAddressForCallers_IsUnknownHoweverItIsAskedFor(string path)
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head, HttpMethod.Post, HttpMethod.Delete, HttpMethod.Options })
        {
            // A Host is the caller's to choose.
            using var request = new HttpRequestMessage(method, path.TrimStart('/'));
            request.Headers.Authorization = new("Bearer", GatewayProcess.AdminToken);
            request.Headers.Host = fixture.Gateway.Management.Authority;
            request.Headers.Add("X-Forwarded-Host", fixture.Gateway.Management.Authority);
            using var answer = await fixture.Client.Http.SendAsync(request);

            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Empty(answer.Content.Headers.Allow);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(method == HttpMethod.Head || text.Contains("\"not_found\"", StringComparison.Ordinal), text);
        }
    }

    [Fact]
    public async Task ManagementPath_OverHttp2ForCallers_IsUnknown()
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = fixture.Http2,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("healthz")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.PostAsync("api/v1/query", null)).StatusCode);
    }

    [Fact]
    public async Task MeteredCall_OnAManagementAddress_IsUnknownAndFree()
    {
        var account = await Account(100);
        var call = new StringContent("""{"surface":"seven"}""", System.Text.Encoding.UTF8, "application/json");

        var refused = await fixture.Operator.SendAsync(
            HttpMethod.Post, "api/v1/query", account.Key, call, ("Host", fixture.Gateway.Address.Authority));
        var charged = await fixture.Client.QueryAsync(account.Key, """{"surface":"seven"}""");

        Assert.Equal((HttpStatusCode.NotFound, "not_found"), (refused.Status, refused.Code));
        Assert.Equal(93, charged.RemainingCredits);
    }

    [Fact]
    public async Task ManagementAddresses_EachOfThem_AnswersOperatorsAndProbes()
    {
        foreach (var address in fixture.Management)
        {
            using var handler = new SocketsHttpHandler { UseProxy = false };
            handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=localhost";
            using var client = new HttpClient(handler) { BaseAddress = address };
            client.DefaultRequestHeaders.Authorization = new("Bearer", GatewayProcess.AdminToken);

            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("readyz")).StatusCode);
            Assert.Contains("metering_requests_total", await client.GetStringAsync("metrics"), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("admin/accounts")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("docs/index.html")).StatusCode);
            using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "healthz"));
            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
            Assert.NotEmpty(head.Headers.GetValues("X-Request-Id"));
        }
    }

    private async Task<(long Id, string Key)> Account(long credits)
    {
        var id = await fixture.Operator.CreateAccountAsync(credits);
        return (id, await fixture.Operator.CreateKeyAsync(id));
    }

    /// <summary>What stands behind a path may say 404 as well, of a thing that is not there; then it names that and not the path.</summary>
    private static async Task<bool> IsServedAsync(GatewayClient client, HttpMethod method, string url)
    {
        var isLook = method == HttpMethod.Get || method == HttpMethod.Head;
        using var request = new HttpRequestMessage(method, url)
        {
            Content = isLook ? null : new StringContent("{}", System.Text.Encoding.UTF8, "application/json"),
        };
        using var answer = await client.Http.SendAsync(request);
        return answer.StatusCode != HttpStatusCode.NotFound
            || (method != HttpMethod.Head
                && !(await answer.Content.ReadAsStringAsync()).Contains("Nothing is served", StringComparison.Ordinal));
    }
}
