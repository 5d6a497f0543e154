using MeteringGateway.FunctionalTests.Sales.Orders;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Sales.Payments.Customers;
using MeteringGateway.Sales.SavedMethods;
using Microsoft.Extensions.DependencyInjection;

namespace MeteringGateway.FunctionalTests.Sales.SavedMethods;

/// <summary>A method is forgotten by its provider first: what is still there could be charged, and must be seen here.</summary>
public sealed class ForgottenMethodTests
{
    private static readonly Caller s_caller = new("account:1", 1);

    [Fact]
    public async Task Forget_OfTheDefault_TellsTheProviderAndPassesTheDefaultOn()
    {
        var provider = new CardProvider();
        await using var bench = await OpenAsync(provider);
        var account = await WithAsync(bench, "pm_1", "pm_2", "pm_3");

        Assert.Equal(ForgetStatus.Forgotten, await ForgetAsync(bench, account, "pm_1"));

        Assert.Equal(["pm_1"], provider.Forgotten);
        Assert.Equal("pm_3:true,pm_2:false", await ShownAsync(bench, account));
        Assert.Equal(
            """payment_method.removed {"id": "pm_1", "channel": "cards", "is_default": true}""",
            await bench.ScalarAsync<string>("select string_agg(action || ' ' || before, ',') from audit where after is null"));
        Assert.Equal(ForgetStatus.Unknown, await ForgetAsync(bench, account, "pm_1"));
    }

    [Fact]
    public async Task Forget_ThatTheProviderDoesNotHear_KeepsTheMethod()
    {
        var provider = new CardProvider { IsAway = true };
        await using var bench = await OpenAsync(provider);
        var account = await WithAsync(bench, "pm_1", "pm_2");

        Assert.Equal(ForgetStatus.Unavailable, await ForgetAsync(bench, account, "pm_1"));
        Assert.Equal("pm_1:true,pm_2:false", await ShownAsync(bench, account));

        provider.IsAway = false;
        Assert.Equal(ForgetStatus.Forgotten, await ForgetAsync(bench, account, "pm_1"));
        Assert.Equal("pm_2:true", await ShownAsync(bench, account));
    }

    [Fact]
    public async Task Forget_WhileItsChannelIsClosed_KeepsTheMethod()
    {
        var provider = new CardProvider { IsOpen = false };
        await using var bench = await OpenAsync(provider);
        var account = await WithAsync(bench, "pm_1");

        Assert.Equal(ForgetStatus.Unavailable, await ForgetAsync(bench, account, "pm_1"));
        Assert.Equal((0, "pm_1:true"), (provider.Forgotten.Count, await ShownAsync(bench, account)));
    }

    [Fact]
    public async Task Forget_OfAnotherAccountsMethod_IsUnknownAndTellsNobody()
    {
        var provider = new CardProvider();
        await using var bench = await OpenAsync(provider);
        var (account, other) = (await WithAsync(bench, "pm_1"), await bench.AddAccountAsync());

        Assert.Equal(ForgetStatus.Unknown, await ForgetAsync(bench, other, "pm_1"));
        Assert.Equal((0, "pm_1:true"), (provider.Forgotten.Count, await ShownAsync(bench, account)));
    }

    [Fact]
    public async Task Forget_SixAtOnce_LeavesOneTraceOfEachMethod()
    {
        await using var bench = await OpenAsync(new CardProvider());
        var account = await WithAsync(bench, "pm_1", "pm_2", "pm_3");

        await Task.WhenAll(Enumerable.Range(0, 6).Select(number => ForgetAsync(bench, account, $"pm_{(number % 2) + 1}")));

        Assert.Equal("pm_3:true", await ShownAsync(bench, account));
        Assert.Equal(2, await bench.ScalarAsync<long>("select count(*) from audit where action = 'payment_method.removed'"));
    }

    private static Task<MoneyBench> OpenAsync(CardProvider provider) =>
        MoneyBench.OpenAsync(more: services => services.AddSavedMethods().AddSingleton<IPaymentProvider>(provider));

    private static Task<ForgetStatus> ForgetAsync(MoneyBench bench, long account, string id) =>
        bench.Get<SavedMethodStore>().ForgetAsync(account, id, s_caller, default);

    private static async Task<long> WithAsync(MoneyBench bench, params string[] ids)
    {
        var account = await bench.AddAccountAsync();
        foreach (var id in ids)
        {
            await using var connection = await bench.Books.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await PaymentMethods.SaveAsync(transaction, account, "cards", new MethodFacts(id, "visa", "4242", 12, 2030), default);
            await transaction.CommitAsync();
        }

        return account;
    }

    private static Task<string?> ShownAsync(MoneyBench bench, long account) => bench.ScalarAsync<string>(
        "select string_agg(method_id || ':' || is_default, ',' order by is_default desc, method_id) from payment_methods "
            + "where account_id = @account",
        new { account });
}
