using System.Globalization;
using MeteringGateway.Load.Report;

namespace MeteringGateway.Compare.Report;

/// <summary>One thing that a run must show: what was asked for, and whether a figure reaches it.</summary>
internal sealed record Goal(string Question, double Bound, bool AtLeast, int Digits, string Unit = "")
{
    public string Wanted => string.Create(
        CultureInfo.InvariantCulture, $"{(AtLeast ? "≥" : "≤")} {Markdown.Number(Bound, Digits)}{Unit}");

    public bool IsMet(double figure) => AtLeast ? figure >= Bound : figure <= Bound;

    /// <summary>The figure and whether it meets the goal; a figure that was not measured does neither.</summary>
    public string Said(double figure) =>
        double.IsNaN(figure) ? Markdown.None : $"{Markdown.Number(figure, Digits)}{Unit}, {(IsMet(figure) ? "met" : "**not met**")}";
}
