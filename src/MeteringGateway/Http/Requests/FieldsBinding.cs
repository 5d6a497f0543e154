using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace MeteringGateway.Http.Requests;

/// <summary>On a handler's <see cref="RequestFields"/>: no body at all counts as <c>{}</c>.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class OptionalBodyAttribute : Attribute;

/// <summary>
/// As a parameter of a handler. The framework binds parameters before any filter runs, so the body is not read there: a filter reads it,
/// and stands behind those of the groups (credentials, roles). A caller that may not call learns nothing of what is wrong with the body.
/// </summary>
internal sealed partial class RequestFields : IBindableFromHttpContext<RequestFields>, IEndpointParameterMetadataProvider
{
    private static readonly RequestFields s_unread = new(default);

    static ValueTask<RequestFields?> IBindableFromHttpContext<RequestFields>.BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<RequestFields?>(s_unread);

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        var (at, isOptional) = (parameter.Position, parameter.IsDefined(typeof(OptionalBodyAttribute)));
        builder.FilterFactories.Add((_, next) => async call =>
        {
            var body = await RequestBody.ReadAsync(call.HttpContext.Request, isOptional);
            if (body.Fields is null)
            {
                return body.Problem;
            }

            call.Arguments[at] = body.Fields;
            return await next(call);
        });
    }
}
