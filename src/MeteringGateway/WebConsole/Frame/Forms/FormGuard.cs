using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace MeteringGateway.WebConsole.Frame.Forms;

/// <summary>
/// In front of every form of the console: reads it within bounds, and takes it only where it comes from a page that this visitor was shown.
/// </summary>
internal static class FormGuard
{
    /// <summary>The hidden field of every form.</summary>
    public const string Field = "form_token";

    private const int MaxBytes = 64 * 1024;
    private const int MaxFields = 256;

    public static RouteGroupBuilder GuardForms(this RouteGroupBuilder group) => group.AddEndpointFilter(static async (call, next) =>
        HttpMethods.IsPost(call.HttpContext.Request.Method) && await RefuseAsync(call.HttpContext) is { } refusal
            ? refusal
            : await next(call));

    private static async Task<IResult?> RefuseAsync(HttpContext context)
    {
        if (!IsForm(context.Request.ContentType))
        {
            return Refused(StatusCodes.Status415UnsupportedMediaType, "This address takes forms (application/x-www-form-urlencoded).");
        }

        var (bytes, problem) = await BodyBytes.ReadAsync(context.Request, MaxBytes, context.RequestAborted);
        if (problem is not null)
        {
            return Refused(ErrorCatalog.Of(problem.Code).Status, problem.Detail);
        }

        try
        {
            var reader = new FormReader(new MemoryStream(bytes.ToArray())) { ValueCountLimit = MaxFields };
            context.Features.Set<IFormFeature>(new FormFeature(new FormCollection(await reader.ReadFormAsync(context.RequestAborted))));
            await context.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(context);
            return null;
        }
        catch (InvalidDataException)
        {
            return Refused(StatusCodes.Status400BadRequest, "The form can't be read.");
        }
        catch (AntiforgeryValidationException)
        {
            return Refused(
                StatusCodes.Status400BadRequest,
                "The form is not one that this console has shown to you, or you have signed in anew or opened another wallet since. "
                + "Nothing was changed. Go back, reload the page and send it again.");
        }
    }

    private static bool IsForm(string? type) =>
        type is not null && type.Split(';')[0].Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    private static IResult Refused(int status, string text) => MessagePage.Of("Not sent", text, status);
}
