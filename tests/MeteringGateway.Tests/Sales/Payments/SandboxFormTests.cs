using MeteringGateway.Sales.Payments.Sandbox;
using MeteringGateway.Tests.Http.Requests;

namespace MeteringGateway.Tests.Sales.Payments;

public sealed class SandboxFormTests
{
    private const string Form = "application/x-www-form-urlencoded";

    [Theory]
    [InlineData(Form, "action=pay", "True ")]
    [InlineData(Form, "action=decline", "False ")]
    [InlineData(Form + "; charset=utf-8", "x=1&action=pay", "True ")]
    [InlineData(Form, "action=Pay", "False InvalidRequest")]
    [InlineData(Form, "action=pay&action=decline", "False InvalidRequest")]
    [InlineData(Form, "", "False InvalidRequest")]
    [InlineData("application/json", "action=pay", "False UnsupportedMediaType")]
    [InlineData(null, "action=pay", "False UnsupportedMediaType")]
    public async Task Read_Form_IsOneButtonOfTheTwo(string? type, string body, string read) =>
        Assert.Equal(read, await ReadAsync(type, body));

    /// <summary>The gateway is asked as 127.0.0.1:8080 and known to customers as https://pay.example.</summary>
    [Theory]
    [InlineData("same-origin", null, true)]
    [InlineData("none", null, true)]
    [InlineData("same-site", null, false)]
    [InlineData("cross-site", null, false)]
    [InlineData("cross-site", "https://pay.example", false)]
    [InlineData("same-origin", "https://evil.example", true)]
    [InlineData(null, "https://pay.example", true)]
    [InlineData(null, "http://127.0.0.1:8080", true)]
    [InlineData(null, "http://127.0.0.1:8081", false)]
    [InlineData(null, "https://evil.example", false)]
    [InlineData(null, "https://pay.example.evil.example", false)]
    [InlineData(null, "null", false)]
    [InlineData(null, null, true)]
    public async Task Read_FormOfAnotherSite_IsForbidden(string? site, string? origin, bool isTaken) =>
        Assert.Equal(isTaken ? "True " : "False Forbidden", await ReadAsync(Form, "action=pay", site, origin));

    private static async Task<string> ReadAsync(string? type, string body, string? site = null, string? origin = null)
    {
        var request = Uploads.Of(body);
        request.Host = new("127.0.0.1:8080");
        request.ContentType = type;
        if (site is not null)
        {
            request.Headers["Sec-Fetch-Site"] = site;
        }

        if (origin is not null)
        {
            request.Headers.Origin = origin;
        }

        var (pays, problem) = await SandboxForm.ReadAsync(request, "https://pay.example");
        return $"{pays} {problem?.Code}";
    }
}
