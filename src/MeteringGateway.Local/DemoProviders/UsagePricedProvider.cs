using System.Text.Json;

namespace MeteringGateway.Local.DemoProviders;

/// <summary>Reports usage like a language model: about four characters to a token, of the question and of the answer.</summary>
internal sealed class UsagePricedProvider() : DemoProvider("usage-priced")
{
    private const int CharactersPerToken = 4;

    protected override Task AnswerAsync(HttpContext context, JsonElement question, long call)
    {
        var characters = question.EnumerateObject().Where(field => field.Name != "surface").Sum(field => Characters(field.Value));
        var answer = $"You sent {characters} characters of text.";
        var prompt = Tokens(characters);
        var completion = Tokens(answer.Length);
        return context.Response.WriteAsJsonAsync(
            new
            {
                answer,
                query = Query(question),
                call,
                usage = new { prompt_tokens = prompt, completion_tokens = completion, total_tokens = prompt + completion },
            },
            context.RequestAborted);
    }

    private static long Tokens(long characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;

    private static long Characters(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Length,
        JsonValueKind.Array => value.EnumerateArray().Sum(Characters),
        JsonValueKind.Object => value.EnumerateObject().Sum(field => Characters(field.Value)),
        _ => 0,
    };
}
