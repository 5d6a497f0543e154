using MeteringGateway.Load.Streams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MeteringGateway.Scenarios.Targets;

/// <summary>What a provider does with one call.</summary>
/// <param name="Status">200: it answers, and streams where the call orders a stream.</param>
internal readonly record struct ProviderTurn(int Status, TimeSpan Delay)
{
    public static readonly ProviderTurn Well = new(StatusCodes.Status200OK, TimeSpan.Zero);
    public static readonly ProviderTurn Down = new(StatusCodes.Status503ServiceUnavailable, TimeSpan.Zero);
}

/// <summary>A provider on loopback whose behaviour a scenario changes while it runs. Any number of callers at once.</summary>
internal sealed class ScriptedProvider : IAsyncDisposable
{
    private static readonly byte[] s_answer =
        """{"answer":"Credits set aside for a call that is under way.","usage":{"total_tokens":12}}"""u8.ToArray();

    private readonly WebApplication _app;
    private long _calls;

    private ScriptedProvider(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <summary>Asked for each call, with its number from 0.</summary>
    public Func<long, ProviderTurn> Script { get; set; } = _ => ProviderTurn.Well;

    /// <summary>Calls that came, answered or not.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    public static async Task<ScriptedProvider> StartAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var provider = new ScriptedProvider(app);
        app.Run(provider.AnswerAsync);
        await app.StartAsync(cancellation);
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var turn = Script(Interlocked.Increment(ref _calls) - 1);
        try
        {
            if (turn.Delay > TimeSpan.Zero)
            {
                await Task.Delay(turn.Delay, TimeProvider.System, context.RequestAborted);
            }

            if (turn.Status != StatusCodes.Status200OK)
            {
                context.Response.StatusCode = turn.Status;
                await context.Response.WriteAsJsonAsync(new { error = "As the scenario has it." }, context.RequestAborted);
                return;
            }

            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            if (body.GetBuffer().AsSpan(0, (int)body.Length).IndexOf("\"kind\""u8) >= 0)
            {
                body.Position = 0;
                context.Request.Body = body;
                await StreamProvider.AnswerAsync(context);
                return;
            }

            context.Response.ContentType = "application/json";
            context.Response.ContentLength = s_answer.Length;
            await context.Response.Body.WriteAsync(s_answer, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The gateway did not want to wait any longer.
        }
    }
}
