using MeteringGateway.Http.Errors;

namespace MeteringGateway.WebConsole.Frame.Inside;

/// <summary>A problem of our own, without an API in between.</summary>
internal static class ApiProblems
{
    /// <summary>With the headers of the refusal set on the answer, for those who read those.</summary>
    public static ApiProblem Of(Problem problem, HttpContext context)
    {
        var facts = ErrorCatalog.Of(problem.Code);
        if (problem.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(
                System.Globalization.CultureInfo.InvariantCulture);
        }

        return new ApiProblem(facts.Status, facts.Name, facts.Title, problem.Detail);
    }
}
