using MeteringGateway.Hosting;

namespace MeteringGateway.Tests.Hosting;

public sealed class StartReportTests
{
    [Theory]
    [InlineData("10.0.0.1:6379,10.0.0.2:6380,password=secret", "10.0.0.1:6379, 10.0.0.2:6380")]
    [InlineData("redis://me:secret@cache.example.com:7000/0", "cache.example.com:7000")]
    public void RedisHosts_ConnectionWithAPassword_HoldsHostsAlone(string connection, string shown) =>
        Assert.Equal(shown, StartReport.RedisHosts(connection));

    [Fact]
    public void PostgresHost_ConnectionWithAPassword_HoldsTheHostAndDatabaseAlone() =>
        Assert.Equal(
            "db.example.com:5433/metering",
            StartReport.PostgresHost("Host=db.example.com;Port=5433;Database=metering;Username=me;Password=secret"));
}
