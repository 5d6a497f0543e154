using MeteringGateway.Http.Errors;

namespace MeteringGateway.Dialects.Billing;

/// <summary>
/// Makes refusals of the Billing API carry <c>success: false</c> and an <c>error</c> beside the members of every problem.
/// </summary>
internal static class BillingErrors
{
    private static readonly ProblemPrefix Prefix = new(static (writer, problem) =>
    {
        writer.WriteBoolean("success", false);
        writer.WriteStartObject("error");
        writer.WriteString("code", ErrorCatalog.Of(problem.Code).Name);
        writer.WriteString("message", problem.Detail);
        writer.WriteEndObject();
    });

    public static RouteGroupBuilder WithBillingErrors(this RouteGroupBuilder group) => group.WithMetadata(Prefix);
}
