using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace MeteringGateway.Load.Streams;

/// <summary>A provider whose answers are what the body of the request orders: events, large JSON, or bytes of no known kind.</summary>
internal static class StreamProvider
{
    private const int PieceBytes = 64 * 1024;
    private static readonly byte[] s_piece = Encoding.ASCII.GetBytes(new string('x', PieceBytes));

    public static async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (StreamOrder.Read(body.ToArray()) is not { } order)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        await (order.Kind switch
        {
            StreamOrder.Events => SendEventsAsync(context, order),
            StreamOrder.Json => SendJsonAsync(context, order),
            _ => SendOpaqueAsync(context, order),
        });
    }

    /// <summary>Each event tells when it left, by the machine's monotonic clock, which all processes on it share.</summary>
    private static async Task SendEventsAsync(HttpContext context, StreamOrder order)
    {
        var (answer, cancellation) = (context.Response, context.RequestAborted);
        answer.ContentType = "text/event-stream";
        for (var number = 0; number < order.Count; number++)
        {
            if (number > 0 && order.PauseMilliseconds > 0 && number % order.Together == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(order.PauseMilliseconds), TimeProvider.System, cancellation);
            }

            var text = string.Create(
                CultureInfo.InvariantCulture, $"data: {{\"sent\":{Stopwatch.GetTimestamp()},\"delta\":\"word {number}\"}}\n\n");
            await answer.Body.WriteAsync(Encoding.ASCII.GetBytes(text), cancellation);
            await answer.Body.FlushAsync(cancellation);
        }

        var end = string.Create(
            CultureInfo.InvariantCulture, $"data: {{\"usage\":{{\"total_tokens\":{order.Tokens}}}}}\n\n{StreamTally.LastEvent}");
        await answer.Body.WriteAsync(Encoding.ASCII.GetBytes(end), cancellation);
    }

    private static async Task SendJsonAsync(HttpContext context, StreamOrder order)
    {
        var (answer, cancellation) = (context.Response, context.RequestAborted);
        answer.ContentType = "application/json";
        await answer.Body.WriteAsync("{\"pad\":\""u8.ToArray(), cancellation);
        await FillAsync(context, order.Bytes);
        var end = string.Create(CultureInfo.InvariantCulture, $"\",\"usage\":{{\"total_tokens\":{order.Tokens}}}}}");
        await answer.Body.WriteAsync(Encoding.ASCII.GetBytes(end), cancellation);
    }

    private static async Task SendOpaqueAsync(HttpContext context, StreamOrder order)
    {
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = order.Bytes;
        await FillAsync(context, order.Bytes);
    }

    private static async Task FillAsync(HttpContext context, long bytes)
    {
        for (var left = bytes; left > 0; left -= PieceBytes)
        {
            await context.Response.Body.WriteAsync(s_piece.AsMemory(0, (int)Math.Min(left, PieceBytes)), context.RequestAborted);
        }
    }
}
