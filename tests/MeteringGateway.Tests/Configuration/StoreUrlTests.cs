using System.Net;
using MeteringGateway.Configuration;
using Npgsql;

namespace MeteringGateway.Tests.Configuration;

public sealed class StoreUrlTests
{
    [Theory]
    [InlineData("postgresql://postgres:geheim@127.0.0.1:5433/metering", "127.0.0.1", 5433, "postgres", "geheim", "metering")]
    [InlineData("postgres://a%40b:p%3Aw%2F%25%3F%23%40@db.example.com/my%20books", "db.example.com", 5432, "a@b", "p:w/%?#@", "my books")]
    [InlineData("POSTGRESQL://u:p@db", "db", 5432, "u", "p", null)]
    [InlineData("postgresql://u@[::1]:6000/db", "::1", 6000, "u", null, "db")]
    [InlineData("postgresql://u:p;x='\"@db/d;b", "db", 5432, "u", "p;x='\"", "d;b")]
    [InlineData("postgresql://u:p@q@db/x", "db", 5432, "u", "p@q", "x")]
    [InlineData("postgresql://u:@db/x", "db", 5432, "u", "", "x")]
    [InlineData("postgresql://%2Fvar%2Frun%2Fpostgresql/x", "/var/run/postgresql", 5432, null, null, "x")]
    public void Read_UrlOfPostgres_ItsParts(string url, string host, int port, string? user, string? password, string? database)
    {
        var read = new NpgsqlConnectionStringBuilder(PostgresUrl.Read(url).Connection);

        Assert.Equal((host, port, user, database), (read.Host, read.Port, read.Username, read.Database));
        Assert.Equal(password ?? "", read.Password ?? "");
    }

    [Fact]
    public void Read_UrlOfPostgresWithParameters_NamedAsNpgsqlNamesThem()
    {
        var read = new NpgsqlConnectionStringBuilder(PostgresUrl.Read(
            "postgresql://u@a:1,[::2]:2/db?sslmode=verify-full&connect_timeout=7&application_name=gate%20way&Maximum%20Pool%20Size=9&"
                + "target_session_attrs=read-write").Connection);

        Assert.Equal("a:1,[::2]:2", read.Host);
        Assert.Equal((SslMode.VerifyFull, 7, "gate way", 9), (read.SslMode, read.Timeout, read.ApplicationName, read.MaxPoolSize));
        Assert.Equal("read-write", read.TargetSessionAttributes);
    }

    [Fact]
    public void Check_UrlOfPostgres_IsReplacedByNpgsqlsForm()
    {
        var (options, errors) = (
            new ConnectionStringOptions { Redis = "a:1", Postgres = "postgresql://u:p@db/x" }, new ConfigurationErrors());

        options.Check(errors);

        Assert.Empty(errors.Lines);
        Assert.Equal("Host=db;Port=5432;Username=u;Password=p;Database=x", options.Postgres);
    }

    [Theory]
    [InlineData("redis://:p%2Cw%3D@a:7000/3", "a", 7000, null, "p,w=", 3, false)]
    [InlineData("rediss://me:pw@a", "a", 6379, "me", "pw", null, true)]
    [InlineData("redis://[::1]:7000", "::1", 7000, null, null, null, false)]
    [InlineData("a:7000,password=pw,defaultDatabase=2", "a", 7000, null, "pw", 2, false)]
    public void Parse_AddressOfRedis_ItsParts(string text, string host, int port, string? user, string? password, int? database, bool tls)
    {
        Assert.Null(RedisAddress.Problem(text));
        var read = RedisAddress.Parse(text);

        Assert.Equal((user, password, database, tls), (read.User, read.Password, read.DefaultDatabase, read.Ssl));
        var (named, at) = Assert.Single(read.EndPoints) switch
        {
            IPEndPoint address => (address.Address.ToString(), address.Port),
            DnsEndPoint name => (name.Host, name.Port),
            var other => (other.ToString(), 0),
        };
        Assert.Equal((host, port), (named, at));
    }

    [Fact]
    public void Parse_UrlOfSeveralRedis_AllOfThem() => Assert.Equal(2, RedisAddress.Parse("redis://:p@a:1,b:2").EndPoints.Count);
}
