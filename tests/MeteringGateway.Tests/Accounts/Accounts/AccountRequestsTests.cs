using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Tests.Http.Requests;

namespace MeteringGateway.Tests.Accounts.Accounts;

public sealed class AccountRequestsTests
{
    [Theory]
    [InlineData("""{"email":"ada@example.com","full_name":"Ada","kind":"team"}""", "")]
    [InlineData("""{"email":"ada@example.com","full_name":"Ada","kind":"team","credits":1000,"monthly_budget":0}""", "")]
    [InlineData("""{"email":"ada@example.com","full_name":"Ada","kind":"team","credits":null,"monthly_budget":null}""", "")]
    [InlineData("""{}""", "#/email #/full_name #/kind")]
    [InlineData("""{"email":"ada","full_name":"","kind":"club"}""", "#/email #/full_name #/kind")]
    [InlineData("""{"email":"a@b","full_name":"Ada","kind":"team"}""", "#/email")]
    [InlineData("""{"email":"a b@example.com","full_name":"A\u0000","kind":"team"}""", "#/email #/full_name")]
    [InlineData("""{"email":"ada@example..com","full_name":7,"kind":null}""", "#/email #/full_name #/kind")]
    [InlineData("""{"email":"ada@example.com","full_name":"Ada","kind":"team","credits":-1}""", "#/credits")]
    [InlineData("""{"email":"ada@example.com","full_name":"Ada","kind":"team","credits":1.5}""", "#/credits")]
    [InlineData("""{"email":"ada@example.com","full_name":"Ada","kind":"team","credits":"5"}""", "#/credits")]
    [InlineData("""{"email":"ada@example.com","full_name":"Ada","kind":"team","credits":1000000000000}""", "")]
    [InlineData("""{"email":"ada@example.com","full_name":"Ada","kind":"team","credits":1000000000001}""", "#/credits")]
    [InlineData(
        """{"email":"ada@example.com","full_name":"Ada","kind":"team","monthly_budget":1000000000000001,"vip":true}""",
        "#/monthly_budget #/vip")]
    public void NewAccount_Body_IsReadOrPointedAt(string json, string pointers)
    {
        var fields = Body.Fields(json);
        var request = NewAccount.Read(fields);

        Assert.Equal(pointers, Body.Pointers(fields.Errors));
        Assert.Equal(pointers.Length == 0, request is not null);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void NewAccount_NameLength_IsBounded(int length, bool good)
    {
        var fields = Body.Fields($$"""{"email":"ada@example.com","full_name":"{{new string('a', length)}}","kind":"team"}""");

        Assert.Equal(good, NewAccount.Read(fields) is not null);
    }

    [Theory]
    [InlineData("""{}""", "", "active", 500)]
    [InlineData("""{"status":"suspended"}""", "", "suspended", 500)]
    [InlineData("""{"monthly_budget":null}""", "", "active", null)]
    [InlineData("""{"monthly_budget":7}""", "", "active", 7)]
    [InlineData("""{"status":null}""", "#/status", null, null)]
    [InlineData("""{"status":"gone","full_name":null}""", "#/status #/full_name", null, null)]
    [InlineData("""{"email":"b@example.com","credits":5}""", "#/email #/credits", null, null)]
    public void AccountChange_AbsentStaysNullRemoves(string json, string pointers, string? status, int? budget)
    {
        var current = new AccountRow { Email = "ada@example.com", FullName = "Ada", Kind = "team", Status = "active", MonthlyBudget = 500 };
        var fields = Body.Fields(json);
        var changed = AccountChange.Read(fields, current);

        Assert.Equal(pointers, Body.Pointers(fields.Errors));
        Assert.Equal(status, changed?.Status);
        Assert.Equal(budget, changed?.MonthlyBudget);
    }

    [Theory]
    [InlineData("""{"account_id":1,"amount":10,"type":"support","description":"sorry"}""", "")]
    [InlineData("""{"account_id":1,"amount":-10,"type":"adjustment","description":"x","reference":"r-1"}""", "")]
    [InlineData("""{"account_id":1,"amount":-10,"type":"refund","description":"x"}""", "")]
    [InlineData("""{"account_id":1,"amount":-10,"type":"bonus","description":"x"}""", "#/amount")]
    [InlineData("""{"account_id":1,"amount":-10,"type":"support","description":"x"}""", "#/amount")]
    [InlineData("""{"account_id":1,"amount":0,"type":"bonus","description":"x"}""", "#/amount")]
    [InlineData("""{"account_id":1,"amount":1000000000000,"type":"bonus","description":"x"}""", "")]
    [InlineData("""{"account_id":1,"amount":-1000000000001,"type":"adjustment","description":"x"}""", "#/amount")]
    [InlineData(
        """{"account_id":"1","amount":1e3,"type":"gift","description":" ","reference":""}""",
        "#/account_id #/amount #/type #/description #/reference")]
    [InlineData("""{}""", "#/account_id #/amount #/type #/description")]
    public void ManualCredit_Body_IsReadOrPointedAt(string json, string pointers)
    {
        var fields = Body.Fields(json);
        var request = ManualCredit.Read(fields);

        Assert.Equal(pointers, Body.Pointers(fields.Errors));
        Assert.Equal(pointers.Length == 0, request is not null);
    }
}
