using System.ComponentModel.DataAnnotations;

namespace MeteringGateway.Engine.Repeats;

/// <summary>How much is kept for calls that are repeated with an idempotency key: section <c>Idempotency</c>.</summary>
internal sealed class IdempotencyOptions
{
    public const string Section = "Idempotency";

    /// <summary>
    /// Redis's memory for all answers that are kept for a day. 256 MiB are room for 150,000 answers of a kilobyte; a repeat whose answer
    /// was not kept learns what the first call was charged. 0: none is kept.
    /// </summary>
    [Range(typeof(long), "0", "1099511627776")]
    public long MaxBytes { get; set; } = 256L << 20;
}
