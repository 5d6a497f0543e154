using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Features;

namespace MeteringGateway.WebConsole.Frame.Forms;

/// <summary>
/// The fields of a form that <see cref="FormGuard"/> has let through, as the JSON of the APIs wants them. What is wrong with a value, the
/// API says: a number that is none goes on as the text that it is.
/// </summary>
internal sealed class FormFields(HttpContext context) : IBindableFromHttpContext<FormFields>
{
    /// <summary>The hidden field that makes a form that is sent twice one call.</summary>
    public const string OnceField = "once";

    private const NumberStyles DecimalStyle = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    private IFormCollection Form => context.Features.Get<IFormFeature>()?.Form ?? FormCollection.Empty;

    static ValueTask<FormFields?> IBindableFromHttpContext<FormFields>.BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<FormFields?>(new FormFields(context));

    /// <summary>As it was typed, without blanks around it; null: left empty.</summary>
    public string? Text(string name) => Form[name].ToString().Trim() is { Length: > 0 } text ? text : null;

    /// <summary>As it was typed.</summary>
    public string Raw(string name) => Form[name].ToString();

    /// <summary>All boxes with this name that were ticked.</summary>
    public IReadOnlyList<string> All(string name) => [.. Form[name].OfType<string>()];

    public bool Ticked(string name) => Form[name].Count > 0;

    /// <summary>A whole number; a text that is none as it is; null: left empty.</summary>
    public object? Number(string name) =>
        Text(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : text;

    /// <summary>A number with decimals; a text that is none as it is; null: left empty.</summary>
    public object? Decimal(string name) =>
        Text(name) is not { } text ? null
        : decimal.TryParse(text, DecimalStyle, CultureInfo.InvariantCulture, out var number) ? number
        : text;

    /// <summary>Null: the form has none.</summary>
    public string? Once => Text(OnceField);
}
