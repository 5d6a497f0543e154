namespace MeteringGateway.FunctionalTests.Engine.Model;

internal sealed partial class ModelDriver
{
    /// <summary>
    /// Forward as a rule, as clocks go; back by up to an hour, and to either side of a day's, a week's and a month's edge,
    /// before and behind.
    /// </summary>
    private Task SetClock(Random random)
    {
        var second = _clock - (_clock % 1_000);
        var clock = random.Next(12) switch
        {
            0 or 1 => second,
            2 or 3 or 4 => second + (random.Next(1, 20) * 1_000L),
            5 => second + (random.Next(1, 90) * 60_000L),
            6 => second - (random.Next(1, 60) * 60_000L),
            7 => second - (random.Next(1, 20) * 1_000L),
            var edge => Edge(edge, random),
        };
        _clock = clock + random.Next(200);
        _log.Add("the clock is set");
        return Task.CompletedTask;
    }

    /// <summary>The first second of a window, or the last of the one before.</summary>
    private long Edge(int which, Random random)
    {
        var day = ModelCalendar.Instant(_clock).Date;
        var (ahead, side) = (random.Next(5) > 1 ? 1 : 0, random.Next(2) == 0 ? 0 : -1_000);
        var edge = which switch
        {
            8 => day.AddDays(ahead),
            9 => day.AddDays((7 * ahead) - (((int)day.DayOfWeek + 6) % 7)),
            10 => new DateTime(day.Year, day.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(ahead),
            _ => day.AddDays(random.Next(2) == 0 ? 1 : 0),
        };
        return ModelCalendar.Milliseconds(edge) + side;
    }
}
