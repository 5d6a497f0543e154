using System.ComponentModel.DataAnnotations;

namespace MeteringGateway.Calls.Providers;

/// <summary>What is done with a provider's answer: section <c>Answers</c>.</summary>
internal sealed class AnswersOptions
{
    public const string Section = "Answers";

    /// <summary>
    /// The largest answer that is held back until it is whole, so that another provider can be asked where it breaks off. Nearly all JSON
    /// answers are smaller; from there on an answer is a stream.
    /// </summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int HoldBytes { get; set; } = 1024 * 1024;
}
