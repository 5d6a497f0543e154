using MeteringGateway.Dialects.Wren;
using MeteringGateway.Http.Errors;
using MeteringGateway.Tests.Http.Requests;

namespace MeteringGateway.Tests.Dialects;

public sealed class WrenAmountTests
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    [Theory]
    [InlineData(Json, """{"amountInUsdCents":100}""", 100)]
    [InlineData(Json, """{"amountInUsdCents":1000000000}""", 1_000_000_000)]
    [InlineData(Form, "amountInUsdCents=100", 100)]
    [InlineData(Form, "amountInUsdCents=1000000000", 1_000_000_000)]
    [InlineData(Form + "; charset=UTF-8", "other=1&amountInUsdCents=2500", 2500)]
    public async Task Read_AmountWithinItsBounds_IsTaken(string type, string body, long cents)
    {
        var (read, problem) = await ReadAsync(type, body);

        Assert.Equal((cents, null), (read, problem));
    }

    [Theory]
    [InlineData(Json, """{"amountInUsdCents":99}""", "#/amountInUsdCents")]
    [InlineData(Json, """{"amountInUsdCents":1000000001}""", "#/amountInUsdCents")]
    [InlineData(Json, """{"amountInUsdCents":100.5}""", "#/amountInUsdCents")]
    [InlineData(Json, """{"amountInUsdCents":"100"}""", "#/amountInUsdCents")]
    [InlineData(Json, """{"amountInUsdCents":100,"currency":"EUR"}""", "#/currency")]
    [InlineData(Json, "{}", "#/amountInUsdCents")]
    [InlineData(Json, "", "#/amountInUsdCents")]
    [InlineData(null, "", "#/amountInUsdCents")]
    [InlineData(Form, "amountInUsdCents=99", "#/amountInUsdCents")]
    [InlineData(Form, "amountInUsdCents=1000000001", "#/amountInUsdCents")]
    [InlineData(Form, "amountInUsdCents=+100", "#/amountInUsdCents")]
    [InlineData(Form, "amountInUsdCents=1e3", "#/amountInUsdCents")]
    [InlineData(Form, "amountInUsdCents=100&amountInUsdCents=100", "#/amountInUsdCents")]
    [InlineData(Form, "", "#/amountInUsdCents")]
    public async Task Read_AnythingElse_NamesTheField(string? type, string body, string field)
    {
        var (cents, problem) = await ReadAsync(type, body);

        Assert.Equal((0, ErrorCode.InvalidRequest), (cents, problem!.Code));
        Assert.Equal(field, Assert.Single(problem.Errors!).Pointer);
    }

    [Theory]
    [InlineData("text/plain", "100", "UnsupportedMediaType")]
    [InlineData(Json, "{", "InvalidJson")]
    public async Task Read_AnotherBody_SaysWhatItIs(string type, string body, string code) =>
        Assert.Equal(code, (await ReadAsync(type, body)).Problem!.Code.ToString());

    private static Task<(long Cents, Problem? Problem)> ReadAsync(string? type, string body)
    {
        var request = Uploads.Of(body);
        request.ContentType = type;
        return WrenAmount.ReadAsync(request);
    }
}
