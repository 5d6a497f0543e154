using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Parts;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace MeteringGateway.WebConsole.Frame;

/// <summary>A page of the console, rendered whole on the server.</summary>
/// <param name="title">Of the page.</param>
/// <param name="model">What it shows.</param>
internal sealed class ConsolePage<TView, TModel>(string title, TModel model) : IResult
    where TView : ModelView<TModel>
{
    public int Status { get; init; } = StatusCodes.Status200OK;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var frame = PageFrame.Of(httpContext, title) with
        {
            Once = Status >= StatusCodes.Status500InternalServerError ? new FormFields(httpContext).Once : null,
        };
        var html = await Html.OfAsync<Shell>(httpContext.RequestServices, new Dictionary<string, object?>
        {
            [nameof(Shell.Frame)] = frame,
            [nameof(Shell.Content)] = Html.Part<TView, TModel>(model),
        });
        httpContext.Response.StatusCode = Status;
        ConsoleHeaders.Set(httpContext);
        await httpContext.Response.WriteAsync(html, httpContext.RequestAborted);
    }
}

/// <summary>Renders components that wait for nothing.</summary>
internal static class Html
{
    public static async Task<string> OfAsync<TView>(IServiceProvider services, Dictionary<string, object?> parameters)
        where TView : IComponent
    {
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TView>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }

    public static RenderFragment Part<TView, TModel>(TModel model)
        where TView : ModelView<TModel> => builder =>
    {
        builder.OpenComponent<TView>(0);
        builder.AddComponentParameter(1, nameof(ModelView<TModel>.Model), model);
        builder.CloseComponent();
    };
}
