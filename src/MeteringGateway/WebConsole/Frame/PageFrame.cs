using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Visits;
using Microsoft.AspNetCore.Antiforgery;

namespace MeteringGateway.WebConsole.Frame;

/// <summary>What stands around a page's own content.</summary>
/// <param name="Title">Of the page, in its heading and in the browser's tab.</param>
/// <param name="Path">Of the request: which line of the navigation is the current one.</param>
/// <param name="FormToken">Goes into every form of the page.</param>
public sealed record PageFrame(string Title, string Path, string FormToken)
{
    /// <summary>Null: nobody has signed in.</summary>
    public Visitor? Visitor { get; init; }

    /// <summary>Null: no operator has signed in.</summary>
    public OperatorVisitor? Operator { get; init; }

    /// <summary>
    /// The key of a form whose outcome nobody knows: sent again it is the same purchase, and the same credit. Null: a form gets a new one.
    /// </summary>
    public string? Once { get; init; }

    /// <summary>What the last form has done, in a word that <see cref="DoneText"/> knows.</summary>
    public string? Done { get; init; }

    /// <summary>Where this side of the console begins: operators have one of their own.</summary>
    public string Root => IsOfOperators(Path) ? ConsolePaths.Operators : ConsolePaths.Customers;

    public IReadOnlyList<NavigationLine> Navigation =>
        Visitor is not null ? NavigationLine.OfCustomers : Operator is not null ? NavigationLine.OfOperators : [];

    internal static PageFrame Of(HttpContext context, string title)
    {
        // The library sets its own and warns where another stands there: a line of the log for each page. ConsoleHeaders has the last word.
        context.Response.Headers.CacheControl = default;
        return new PageFrame(title, context.Request.Path.Value!, Token(context))
        {
            Visitor = context.Features.Get<Visitor>(),
            Operator = context.Features.Get<OperatorVisitor>(),
            Done = DoneText.Of(context.Request.Query["done"]),
        };
    }

    /// <summary>Empty while the keys can't be read: a page that says so is shown all the same.</summary>
    private static string Token(HttpContext context)
    {
        try
        {
            return context.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(context).RequestToken!;
        }
        catch (Exception e) when (ReadBound.IsLate(e))
        {
            return "";
        }
    }

    private static bool IsOfOperators(string path) =>
        path == ConsolePaths.Operators || path.StartsWith(ConsolePaths.Operators + "/", StringComparison.Ordinal);
}
