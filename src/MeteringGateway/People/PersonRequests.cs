using MeteringGateway.Accounts;
using MeteringGateway.Requests;

namespace MeteringGateway.People;

/// <summary>What <c>POST /api/auth/sign-up</c> asks for.</summary>
internal sealed record SignUp(NewAccount Account, string Password)
{
    private static readonly string[] Kinds = ["personal", "team"];

    public static SignUp? Read(RequestFields fields)
    {
        var email = NewAccount.ReadEmail(fields);
        var password = fields.Text("password", SignIn.MaxPassword, required: true, min: 10);
        var fullName = fields.Text("full_name", AccountChange.MaxName, required: true);
        var kind = fields.OneOf("kind", Kinds) ?? "personal";
        fields.RefuseOthers();
        return fields.Errors.Count == 0 ? new SignUp(new NewAccount(email!, fullName!, kind, 0, null), password!) : null;
    }
}

/// <summary>What <c>POST /api/auth/sign-in</c> asks for.</summary>
internal sealed record SignIn(string Email, string Password)
{
    /// <summary>Bounds what hashing costs, far above any passphrase.</summary>
    public const int MaxPassword = 200;

    public static SignIn? Read(RequestFields fields)
    {
        var email = fields.Text("email", 320, required: true);
        var password = fields.Text("password", MaxPassword, required: true);
        fields.RefuseOthers();
        return fields.Errors.Count == 0 ? new SignIn(email!, password!) : null;
    }
}
