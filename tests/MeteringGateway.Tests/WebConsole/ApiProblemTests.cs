using System.Text;
using MeteringGateway.WebConsole.Frame.Inside;

namespace MeteringGateway.Tests.WebConsole;

public sealed class ApiProblemTests
{
    [Fact]
    public void Problem_IsReadWithItsFields()
    {
        var problem = Read("""
            {"title":"Not valid","detail":"2 fields","code":"invalid_request","request_id":"r",
             "errors":[{"pointer":"#/limits/0/limit","detail":"too much"},{"parameter":"from","detail":"no day"}]}
            """);
        Assert.Equal(("invalid_request", "Not valid", "2 fields"), (problem.Code, problem.Title, problem.Detail));
        Assert.Equal([new ApiFieldError("limits/0/limit", "too much"), new ApiFieldError("from", "no day")], problem.Errors);
        Assert.Null(problem.RequestId);
    }

    [Theory]
    [InlineData("""{"error":"no card"}""", "no card")]
    [InlineData("""{"message":"no card"}""", "no card")]
    [InlineData("""["no object"]""", "The gateway answered 402.")]
    [InlineData("<html>", "The gateway answered 402.")]
    [InlineData("", "The gateway answered 402.")]
    public void OtherShapes_AreReadAsWell(string body, string detail) => Assert.Equal(detail, Read(body).Detail);

    private static ApiProblem Read(string body) => ApiProblem.Read(402, Encoding.UTF8.GetBytes(body));
}
