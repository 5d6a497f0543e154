using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace MeteringGateway.WebConsole.Frame.Parts;

/// <summary>Where in a list a page stands.</summary>
/// <param name="Path">Of the page, with its filters and without an offset.</param>
/// <param name="Limit">Rows on a page.</param>
/// <param name="Offset">Rows before this page.</param>
/// <param name="Shown">Rows on this page.</param>
/// <param name="Total">Of all rows; null: nobody has counted them.</param>
public sealed record PagerModel(string Path, int Limit, int Offset, int Shown, long? Total)
{
    public bool HasMore => Total is { } total ? Offset + Shown < total : Shown == Limit;

    /// <summary>Rows were counted to a bound only: there may be more.</summary>
    public bool IsBound { get; init; }

    public string Range => Total is { } total
        ? $"{Text.Number(Offset + 1)}–{Text.Number(Offset + Shown)} of {(IsBound ? "at least " : "")}{Text.Number(total)}"
        : $"{Text.Number(Offset + 1)}–{Text.Number(Offset + Shown)}";

    public string At(int offset) =>
        offset == 0 ? Path : QueryHelpers.AddQueryString(Path, "offset", offset.ToString(CultureInfo.InvariantCulture));

    /// <summary>The offset that an address asks for; nonsense is the beginning.</summary>
    public static int OffsetOf(HttpRequest request) => int.TryParse(request.Query["offset"], out var offset) && offset > 0 ? offset : 0;
}
