using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Accounts.People;

/// <summary>What <c>POST /api/auth/sign-up</c> asks for.</summary>
internal sealed record SignUp(NewAccount Account, string Password)
{
    private static readonly string[] Kinds = ["personal", "team"];

    public static SignUp? Read(RequestFields fields)
    {
        var email = NewAccount.ReadEmail(fields);
        var password = fields.Text("password", SignIn.MaxPassword, required: true, min: SignIn.MinPassword);
        var fullName = fields.Text("full_name", AccountChange.MaxName, required: true);
        var kind = fields.OneOf("kind", Kinds) ?? "personal";
        fields.RefuseOthers();
        return fields.Errors.Count == 0 ? new SignUp(new NewAccount(email!, fullName!, kind, 0, null), password!) : null;
    }
}

/// <summary>What <c>POST /api/auth/sign-in</c> asks for.</summary>
internal sealed record SignIn(string Email, string Password)
{
    public const int MinPassword = 10;

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

/// <summary>What <c>POST /api/auth/password</c> asks for.</summary>
/// <param name="Current">Null is right only for an account that has no password yet, as an operator makes them.</param>
/// <param name="New">The password from now on.</param>
internal sealed record PasswordChange(string? Current, string New)
{
    public static PasswordChange? Read(RequestFields fields)
    {
        var current = fields.Text("current_password", SignIn.MaxPassword);
        var next = fields.Text("new_password", SignIn.MaxPassword, required: true, min: SignIn.MinPassword);
        fields.RefuseOthers();
        return fields.Errors.Count == 0 ? new PasswordChange(current, next!) : null;
    }
}
