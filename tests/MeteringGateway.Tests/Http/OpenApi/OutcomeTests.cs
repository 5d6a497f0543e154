using System.Reflection;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace MeteringGateway.Tests.Http.OpenApi;

/// <summary>What a handler may answer with stands in its type, from where the document has it.</summary>
public sealed class OutcomeTests
{
    /// <summary>Neither goes through a result: the one is written byte by byte, the other as it is counted together.</summary>
    private static readonly string[] s_bare = ["POST /api/v1/query", "GET /metrics"];

    /// <summary>What a group's filter says, before the handler is asked.</summary>
    private static readonly string[] s_ofGroups = [ErrorCatalog.Of(ErrorCode.RoleRequired).Name, ErrorCatalog.Of(ErrorCode.Forbidden).Name];

    [Fact]
    public async Task Handlers_OfDescribedEndpoints_ListTheirOutcomes()
    {
        await using var gateway = new OfflineGateway();
        var silent = Described(gateway).Where(endpoint => !Lists(endpoint)).Select(OfflineGateway.NameOf);
        Assert.Empty(silent.Except(s_bare));
    }

    [Fact]
    public async Task Handlers_WithCodesOfTheirOwn_HaveAProblemAmongTheirOutcomes()
    {
        await using var gateway = new OfflineGateway();
        var notes = OperationNotes.Load();
        var faults = from endpoint in Described(gateway)
                     from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
                     let note = notes.Find(method, "/" + endpoint.RoutePattern.RawText!.Trim('/'))
                     where note.Codes.Except(s_ofGroups).Any() && endpoint.Metadata.GetMetadata<MayRefuse>() is null
                     select OfflineGateway.NameOf(endpoint);
        Assert.Empty(faults.Except(s_bare));
    }

    private static IEnumerable<RouteEndpoint> Described(OfflineGateway gateway) =>
        gateway.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null);

    private static bool Lists(RouteEndpoint endpoint)
    {
        var type = endpoint.Metadata.GetMetadata<MethodInfo>()?.ReturnType ?? typeof(void);
        var answer = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>) ? type.GetGenericArguments()[0] : type;
        return answer.IsAssignableTo(typeof(IResult)) && answer.IsAssignableTo(typeof(IEndpointMetadataProvider));
    }
}
