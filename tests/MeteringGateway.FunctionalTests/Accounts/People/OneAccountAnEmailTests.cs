using System.Net;
using System.Text;
using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.FunctionalTests.Accounts.People;

/// <summary>However an email or a password is spelt, it is that of one account.</summary>
[Collection(PeopleTestGroup.Name)]
public sealed class OneAccountAnEmailTests(PeopleGateway gateway)
{
    [Fact]
    public async Task Email_InAnotherSpelling_IsTheSameAccount()
    {
        var tail = Guid.NewGuid().ToString("N");
        var password = "p\u00E4ssw\u00F6rd l\u00E4ng";
        var made = await SignUpAsync($"jos\u00E9-{tail}@b\u00FCcher.example", password);
        var id = made.Expect(HttpStatusCode.Created).GetProperty("user").GetProperty("id").GetInt64();

        foreach (var email in new[]
        {
            $"jose\u0301-{tail}@b\u00FCcher.example",
            $"JOS\u00C9-{tail.ToUpperInvariant()}@B\u00DCCHER.EXAMPLE",
            $"jos\u00E9-{tail}@xn--bcher-kva.example",
            $"JOSE\u0301-{tail}@XN--BCHER-KVA.Example",
        })
        {
            Assert.Equal("conflict", (await SignUpAsync(email, password)).Code);
            foreach (var typed in new[] { password, "pa\u0308sswo\u0308rd la\u0308ng", "p\u00E4ssw\u00F6rd\u00A0l\u00E4ng" })
            {
                var signedIn = await gateway.PostAsync("api/auth/sign-in", new { email, password = typed });
                Assert.Equal(id, signedIn.ExpectSuccess().GetProperty("user").GetProperty("id").GetInt64());
            }

            var listed = (await gateway.Client.AdminAsync(HttpMethod.Get, "admin/accounts?email=" + Uri.EscapeDataString(email)))
                .ExpectSuccess();
            Assert.Equal(id, Assert.Single(listed.GetProperty("accounts").EnumerateArray()).GetProperty("id").GetInt64());
        }

        Assert.Equal(
            "invalid_key",
            (await gateway.PostAsync("api/auth/sign-in", new { email = $"jose-{tail}@b\u00FCcher.example", password })).Code);
    }

    [Fact]
    public async Task Email_AsLongAsOneMayBe_IsFound()
    {
        var name = new string('x', 32) + Guid.NewGuid().ToString("N");
        var email = $"{name}@{string.Join('.', Enumerable.Repeat(new string('y', 62), 4))}.io";
        var id = (await SignUpAsync(email, "correct horse")).Expect(HttpStatusCode.Created).GetProperty("user")
            .GetProperty("id").GetInt64();
        var listed = (await gateway.Client.AdminAsync(HttpMethod.Get, "admin/accounts?email=" + email)).ExpectSuccess();
        Assert.Equal(id, Assert.Single(listed.GetProperty("accounts").EnumerateArray()).GetProperty("id").GetInt64());
    }

    [Theory]
    [InlineData("i", "\u0130")]
    [InlineData("i", "\u0131")]
    [InlineData("I", "\u0131")]
    public async Task Emails_ThatAreOneInSomeLocaleAlone_AreTwoAccounts(string one, string other)
    {
        var tail = Guid.NewGuid().ToString("N");
        (await SignUpAsync($"{one}{tail}@example.com", "correct horse")).Expect(HttpStatusCode.Created);
        (await SignUpAsync($"{other}{tail}@example.com", "correct horse")).Expect(HttpStatusCode.Created);
        Assert.Equal(
            0, await gateway.ScalarAsync<int>("select count(*) from pg_indexes where tablename = 'accounts' and indexdef like '%lower(%'"));
    }

    [Fact]
    public async Task Email_InManySpellingsAtOnce_OpensOneAccount()
    {
        var tail = Guid.NewGuid().ToString("N");
        string[] spellings =
        [
            $"\u00E9{tail}@example.com", $"e\u0301{tail}@example.com", $"\u00C9{tail}@EXAMPLE.com",
            $"E\u0301{tail.ToUpperInvariant()}@Example.com",
        ];
        var answers = await Task.WhenAll(spellings.Select(email => SignUpAsync(email, "correct horse")));
        Assert.Equal((1, 3), (answers.Count(one => one.Status == HttpStatusCode.Created), answers.Count(one => one.Code == "conflict")));
    }

    [Fact]
    public async Task Accounts_FromBefore_GetTheirKeyAtTheStart()
    {
        var tail = Guid.NewGuid().ToString("N");
        var older = await gateway.Client.CreateAccountAsync(email: $"\u00E4{tail}@example.com");
        await gateway.ExecuteAsync(
            "update accounts set email_key = null where id = @older; insert into accounts (email, full_name, kind) values (@email, "
                + "'b', 'personal')",
            new { older, email = $"a\u0308{tail}@example.com" });

        await gateway.Get<IEnumerable<Microsoft.Extensions.Hosting.IHostedService>>().OfType<EmailKeys>().Single().StartAsync(default);

        Assert.Equal(older, await gateway.ScalarAsync<long>(
            "select id from accounts where email_key = @key", new { key = $"\u00E4{tail}@example.com" }));
        Assert.Equal(1, await gateway.ScalarAsync<int>(
            "select count(*) from accounts where email = @email and email_key is null", new { email = $"a\u0308{tail}@example.com" }));
    }

    [Fact]
    public async Task NormalForm_OfAllThatTheTableHas_IsPostgreSQLs()
    {
        var random = new Random(7);
        int[] marks = [0x300, 0x301, 0x307, 0x308, 0x323, 0x327, 0x328, 0x338, 0x345, 0x3099, 0x1161, 0x11A8, 0x5B0, 0x64B, 0x93C, 0x9BE];
        for (var start = 0xA0; start < 0x30000; start += 2048)
        {
            var texts = new List<string>();
            for (var point = start; point < start + 2048; point++)
            {
                if (Rune.IsValid(point))
                {
                    texts.Add(string.Concat(new[] { point, marks[random.Next(marks.Length)], marks[random.Next(marks.Length)] }.Select(
                        one => new Rune(one).ToString())));
                }
            }

            var text = string.Join('|', texts);
            Assert.Equal(await gateway.ScalarAsync<string>("select normalize(@text, NFC)", new { text }), NormalForm.Compose(text));
        }
    }

    private Task<Testing.GatewayAnswer> SignUpAsync(string email, string password) =>
        gateway.PostAsync("api/auth/sign-up", new { email, password, full_name = "Jos\u00E9" });
}
