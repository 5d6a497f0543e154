using System.Text;
using MeteringGateway.Cli.Declarations;
using MeteringGateway.Http.Errors;

namespace MeteringGateway.Tests.Cli.Declarations;

public sealed class KeysFileTests
{
    [Fact]
    public void Read_AllThatIsWrong_IsNamedByItsPlace()
    {
        var errors = Wrong("""
            {"accounts": [
              {"email": "a@example.com", "account": 1},
              {"email": "b@example.com", "monthly_budget": -1, "keys": [
                {"name": "k", "spending_limit": 1.5},
                {"name": "l", "limits": [{"type": "RECURRING", "limit": 3}], "surfaces": ["search", "nope"]},
                7]},
              {"email": "B@example.com", "colour": "red"}],
             "version": 1}
            """);

        Assert.Equal(
            [
                "#/accounts/0/email", "#/accounts/1/keys/0/spending_limit", "#/accounts/1/keys/1/limits/0/period",
                "#/accounts/1/keys/1/surfaces/1",
                "#/accounts/1/keys/2", "#/accounts/1/monthly_budget", "#/accounts/2", "#/accounts/2/colour", "#/version",
            ],
            errors.Select(error => error.Pointer).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", "#")]
    [InlineData("[]", "#")]
    [InlineData("{\"accounts\": [}", "#")]
    [InlineData("{\"accounts\": [], \"accounts\": []}", "#")]
    [InlineData("{}", "#/accounts")]
    [InlineData("{\"accounts\": {}}", "#/accounts")]
    public void Read_NoDeclarationAtAll_SaysWhere(string file, string place) => Assert.Equal(place, Assert.Single(Wrong(file)).Pointer);

    [Fact]
    public void Read_TheDocumentedExample_IsRight()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "MeteringGateway.sln")))
        {
            folder = folder.Parent;
        }

        var errors = new List<FieldError>();
        var accounts = DeclaredKeysFile.Read(
            File.ReadAllBytes(Path.Combine(folder.FullName, "docs/examples/keys.json")), slug => slug == "search", errors);

        Assert.Empty(errors);
        var keys = Assert.Single(accounts!).Keys;
        Assert.Equal(["limits", "name", "rate_limit_per_minute", "surfaces"], keys[0].Given.Order(StringComparer.Ordinal));
        Assert.Equal((1_000L, "test"), (keys[1].Wanted.LimitFixed, keys[2].Wanted.Mode));
    }

    private static List<FieldError> Wrong(string file)
    {
        var errors = new List<FieldError>();
        Assert.Null(DeclaredKeysFile.Read(Encoding.UTF8.GetBytes(file), slug => slug == "search", errors));
        return errors;
    }
}
