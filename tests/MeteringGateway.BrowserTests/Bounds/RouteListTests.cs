using System.Text.RegularExpressions;
using MeteringGateway.BrowserTests.Harness;
using MeteringGateway.BrowserTests.Looks;

namespace MeteringGateway.BrowserTests.Bounds;

/// <summary>
/// A page or a form that is added must be looked at, and tried with ids of somebody else: the lists of both are read against the code.
/// </summary>
public sealed partial class RouteListTests
{
    /// <summary>Forms in which nothing is named that could be another customer's.</summary>
    private static readonly string[] s_namesNobodys =
    [
        "POST /credits/auto-recharge", "POST /credits/buy", "POST /credits/charge", "POST /credits/check-in", "POST /credits/coupon",
        "POST /credits/methods", "POST /credits/top-up", "POST /keys", "POST /notices", "POST /notices/webhook",
        "POST /notices/webhook/remove", "POST /settings/password", "POST /subscription", "POST /subscription/cancel",
        "POST /subscription/portal", "POST /team", "POST /team/invite",
    ];

    /// <summary>Parts of pages, which are looked at where they stand.</summary>
    private static readonly string[] s_parts = ["GET /overview/numbers", "GET /now"];

    [Fact]
    public void Routes_OfCustomers_AreTriedWithIdsOfSomebodyElse()
    {
        var nobody = new Belongings(new Person(0, "", "", ""), "{id:long}", "", "{id}", "{id}", "", "", "", "", "");
        var tried = nobody.Addresses().Concat(nobody.Filters()).Concat(nobody.Files()).Select(path => "GET " + Below(path))
            .Concat(nobody.Forms().Select(form => "POST " + Below(form.Path)))
            .Concat(s_namesNobodys)
            .Concat(CustomerLookTests.Pages.Select(path => "GET " + Below(path)))
            .Concat(s_parts.Take(1));

        Assert.Equal(Routes("Account").Order(StringComparer.Ordinal), tried.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Pages_OfOperators_AreLookedAt()
    {
        var seen = OperatorLookTests.Pages("{id:long}", "{id:long}", "{call}")
            .Select(page => "GET " + page.Path["/console/operator".Length..]);

        Assert.Equal(
            Routes("Operation")
                .Where(route => route.StartsWith("GET ", StringComparison.Ordinal) && !route.EndsWith(".csv", StringComparison.Ordinal))
                .Except(s_parts).Order(StringComparer.Ordinal),
            seen.Order(StringComparer.Ordinal));
    }

    private static string Below(string path) => path.Split('?')[0]["/console".Length..];

    private static IEnumerable<string> Routes(string folder)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "MeteringGateway.sln")))
        {
            root = root.Parent;
        }

        var pages = Path.Combine(root.FullName, "src/MeteringGateway/WebConsole", folder);
        return from file in Directory.EnumerateFiles(pages, "*.cs", SearchOption.AllDirectories)
               from map in Mapped().Matches(File.ReadAllText(file))
               let prefix = map.Groups["group"].Value == "account" ? "/accounts/{id:long}" : ""
               select $"{map.Groups["method"].Value.ToUpperInvariant()} {prefix}{map.Groups["path"].Value}";
    }

    [GeneratedRegex("(?<group>\\w+)\\.Map(?<method>Get|Post)\\(\"(?<path>[^\"]*)\"")]
    private static partial Regex Mapped();
}
