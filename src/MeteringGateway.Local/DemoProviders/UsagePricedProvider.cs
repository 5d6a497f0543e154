using System.Text.Json;

namespace MeteringGateway.Local.DemoProviders;

/// <summary>
/// Reports usage like a language model: about four characters to a token, of the question and of the answer. Under
/// <see cref="ChatCompletion.Path"/> it speaks as OpenAI's chat does, streams included; under any other path with an object of its own.
/// </summary>
internal sealed class UsagePricedProvider(TimeSpan pause, TimeProvider time) : DemoProvider("usage-priced")
{
    private const int CharactersPerToken = 4;

    protected override Task AnswerAsync(HttpContext context, JsonElement question, long call)
    {
        var isChat = context.Request.Path == ChatCompletion.Path;
        var characters = question.EnumerateObject().Where(field => IsText(field.Name, isChat)).Sum(field => Characters(field.Value));
        var answer = $"You sent {characters} characters of text.";
        var usage = new DemoUsage(Tokens(characters), Tokens(answer.Length));
        return isChat
            ? new ChatCompletion(question, answer, usage, call, time).WriteAsync(context, pause)
            : context.Response.WriteAsJsonAsync(
                new { answer, query = Query(question), call, usage }, DemoUsage.Json, context.RequestAborted);
    }

    private static bool IsText(string field, bool isChat) => field != "surface" && !(isChat && field == "model");

    private static long Tokens(long characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;

    private static long Characters(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Length,
        JsonValueKind.Array => value.EnumerateArray().Sum(Characters),
        JsonValueKind.Object => value.EnumerateObject().Sum(field => Characters(field.Value)),
        _ => 0,
    };
}
