using MeteringGateway.Calls.Answers;
using MeteringGateway.Calls.Idempotency;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Calls.Metering;

/// <summary>
/// Reads a call's request: what is asked for, and what that may cost. Nothing of it touches credits. Any number of callers at once.
/// </summary>
internal sealed class CallReader(SurfaceSource surfaces)
{
    private const string DryRun = "dry_run";

    private static readonly Problem s_notTrue = Problem.InvalidRequest(new FieldError("?" + DryRun, "must be 'true', or be left out"));

    /// <summary>Null: the call has its surface, body and quote.</summary>
    public async ValueTask<Problem?> ReadAsync(HttpContext context, MeteredCall call)
    {
        call.Catalog ??= surfaces.Current;
        var refusal = call.Surface is null ? await ReadQueryAsync(context, call) : await ReadRouteAsync(context, call);
        if (refusal is not null)
        {
            return refusal;
        }

        var quote = call.Surface!.Quote(call.Body.Span);
        if (quote.Error is { } error)
        {
            return Problem.InvalidRequest(error);
        }

        call.Quote = quote;
        return call.IsDryRun ? null : IdempotencyKey.Read(context.Request, call);
    }

    private static async ValueTask<Problem?> ReadQueryAsync(HttpContext context, MeteredCall call)
    {
        var (request, catalog) = (context.Request, call.Catalog!);
        if (request.QueryString.HasValue && ReadParameters(context, call) is { } slip)
        {
            return slip;
        }

        if (!MediaTypes.IsJson(request))
        {
            return s_notJson;
        }

        var (body, unread) = await BodyBytes.ReadAsync(request, catalog.MaxRequestBytes, context.RequestAborted);
        if (unread is not null)
        {
            return unread;
        }

        var query = QueryBody.Read(body.Span);
        if (query.Status != QueryBodyStatus.Ok)
        {
            return Refused(query);
        }

        if (!catalog.BySlug.TryGetValue(query.Surface, out var surface))
        {
            return new Problem
            {
                Code = ErrorCode.UnknownSurface,
                Detail = "The field 'surface' names no surface of this gateway.",
                Surfaces = catalog.Slugs,
            };
        }

        (call.Surface, call.Body) = (surface, body);
        return body.Length > surface.MaxRequestBytes ? TooLarge(surface.MaxRequestBytes) : null;
    }

    /// <summary>A slip in what asks for a dry run must not spend money.</summary>
    private static Problem? ReadParameters(HttpContext context, MeteredCall call)
    {
        if (QueryRefusal.Of(context) is { } slip)
        {
            return slip;
        }

        if (context.Request.Query.TryGetValue(DryRun, out var values))
        {
            if (values is not ["true"])
            {
                return s_notTrue;
            }

            call.IsDryRun = true;
        }

        return null;
    }

    private static async ValueTask<Problem?> ReadRouteAsync(HttpContext context, MeteredCall call)
    {
        var surface = call.Surface!;
        if (surface.ReadsRequest && !MediaTypes.IsJson(context.Request))
        {
            return s_notJson;
        }

        var (body, unread) = await BodyBytes.ReadAsync(context.Request, surface.MaxRequestBytes, context.RequestAborted);
        if (unread is not null)
        {
            return unread;
        }

        call.Body = body;
        return surface.ReadsRequest && QueryBody.ReadObject(body.Span) is { Status: not QueryBodyStatus.Ok } wrong ? Refused(wrong) : null;
    }

    private static readonly Problem s_notJson = Problem.Of(
        ErrorCode.UnsupportedMediaType, "Send the body as 'Content-Type: application/json', in UTF-8 and not compressed.");

    private static Problem Refused(QueryBody query) => query.Status == QueryBodyStatus.InvalidJson
        ? new Problem
        {
            Code = ErrorCode.InvalidJson,
            Detail = "The body must be one JSON object in UTF-8.",
            Errors = [query.Error!],
        }
        : Problem.InvalidRequest(query.Error!);

    private static Problem TooLarge(int bound) => Problem.Of(ErrorCode.BodyTooLarge, $"The body may have {bound} bytes at most.");
}
