using Microsoft.AspNetCore.Components;

namespace MeteringGateway.WebConsole.Frame;

/// <summary>What a page or a part of one shows: all of it is found before, so that rendering waits for nothing and asks nobody.</summary>
public abstract class ModelView<TModel> : ComponentBase
{
    [Parameter]
    [EditorRequired]
    public required TModel Model { get; set; }

    /// <summary>The page around it.</summary>
    [CascadingParameter]
    public PageFrame Frame { get; set; } = null!;
}
