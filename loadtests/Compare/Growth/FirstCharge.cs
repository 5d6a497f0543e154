using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using MeteringGateway.Compare.Load;

namespace MeteringGateway.Compare.Growth;

/// <summary>Calls again and again until one is charged.</summary>
internal static class FirstCharge
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>How long that took; null where it took longer than that.</summary>
    public static async Task<TimeSpan?> AwaitAsync(LoadTarget target, TimeSpan atMost, CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = atMost };
        var key = File.ReadLines(target.KeyFile).Skip(target.First).First();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < atMost)
        {
            if (await IsChargedAsync(client, target, cancellation))
            {
                return Stopwatch.GetElapsedTime(start);
            }

            await Task.Delay(Interval, TimeProvider.System, cancellation);
        }

        return null;
    }

    private static async Task<bool> IsChargedAsync(HttpClient client, LoadTarget target, CancellationToken cancellation)
    {
        try
        {
            using var body = new StringContent(target.Body, Encoding.UTF8, "application/json");
            using var answer = await client.PostAsync(target.Url, body, cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
