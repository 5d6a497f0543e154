namespace MeteringGateway.WebConsole.Frame;

/// <summary>A page with one message: something is not there, or was not done.</summary>
/// <param name="Text">What and why, in whole sentences.</param>
/// <param name="Link">Where to go from here.</param>
/// <param name="LinkText">Of the link.</param>
public sealed record Message(string Text, string? Link = null, string? LinkText = null);

internal static class MessagePage
{
    public static IResult Of(string title, string text, int status, string? link = null, string? linkText = null) =>
        new ConsolePage<Parts.MessageView, Message>(title, new Message(text, link, linkText)) { Status = status };

    /// <summary>The same whether something is not there or is somebody else's.</summary>
    public static IResult NotFound(string what) =>
        Of("Not found", $"There is no {what} here. It may have been removed, or it is not yours to see.", StatusCodes.Status404NotFound);

    /// <summary>What an API has refused, where there is no form to show it in.</summary>
    public static IResult Of(Inside.ApiProblem problem) => problem.Status == StatusCodes.Status404NotFound
        ? NotFound("such thing")
        : Of(problem.Title, problem.Detail, problem.Status);
}
