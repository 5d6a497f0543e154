using System.Text.Json;

namespace MeteringGateway.Local.DemoProviders;

/// <summary>What an answer used, in the words of OpenAI's API.</summary>
internal sealed record DemoUsage(long PromptTokens, long CompletionTokens)
{
    /// <summary>Names as that API spells them.</summary>
    public static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public long TotalTokens => PromptTokens + CompletionTokens;
}
