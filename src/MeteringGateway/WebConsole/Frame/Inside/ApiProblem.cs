using System.Text.Json;

namespace MeteringGateway.WebConsole.Frame.Inside;

/// <summary>What an API has refused, as a page shows it.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Code">Stable; empty where the API has none.</param>
/// <param name="Title">In a few words.</param>
/// <param name="Detail">In whole sentences.</param>
public sealed record ApiProblem(int Status, string Code, string Title, string Detail)
{
    public IReadOnlyList<ApiFieldError> Errors { get; init; } = [];

    public string? RequestId { get; init; }

    /// <summary>Where the customer has to go to pay.</summary>
    public string? RedirectUrl { get; init; }

    internal static ApiProblem Late { get; } =
        new(
            StatusCodes.Status503ServiceUnavailable, "too_slow", "Too slow.",
            "This took too long and was given up. Narrow the range, or try again.");

    /// <summary>A refusal in any shape: each of the published APIs has its own.</summary>
    internal static ApiProblem Read(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            IReadOnlyList<ApiFieldError> errors = root.TryGetProperty("errors", out var list) && list.ValueKind == JsonValueKind.Array
                ? [.. list.EnumerateArray().Select(ApiFieldError.Read)]
                : [];
            return new ApiProblem(
                status, TextOf(root, "code") ?? "", TextOf(root, "title") ?? "Refused",
                (errors is [var only] ? $"{only.Name} {only.Detail}." : null)
                ?? TextOf(root, "detail") ?? TextOf(root, "message") ?? TextOf(root, "error") ?? $"The gateway answered {status}.")
            {
                RequestId = status >= StatusCodes.Status500InternalServerError ? TextOf(root, "request_id") : null,
                RedirectUrl = TextOf(root, "redirect_url"),
                Errors = errors,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new ApiProblem(status, "", "Refused", $"The gateway answered {status}.");
        }
    }

    private static string? TextOf(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <param name="Name">Of the field or the query parameter.</param>
/// <param name="Detail">What would be right.</param>
public sealed record ApiFieldError(string Name, string Detail)
{
    internal static ApiFieldError Read(JsonElement error) => new(
        error.TryGetProperty("pointer", out var pointer) ? pointer.GetString()!.TrimStart('#', '/')
        : error.TryGetProperty("parameter", out var parameter) ? parameter.GetString()!
        : "",
        error.TryGetProperty("detail", out var detail) ? detail.GetString()! : "");
}
