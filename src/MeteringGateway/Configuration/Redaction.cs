using System.Text.RegularExpressions;

namespace MeteringGateway.Configuration;

/// <summary>
/// Keeps secrets out of whatever is printed about the configuration. A key that looks like a secret's hides its whole value, also where
/// it is misspelt; in any other value what looks like a credential is taken out, for a person may have put it in the wrong place.
/// </summary>
internal static partial class Redaction
{
    public static bool IsSecret(string key) => SecretForm().IsMatch(key);

    public static string Of(string text) =>
        TokenForm().Replace(PasswordForm().Replace(UserInfoForm().Replace(text, "$1…@"), "$1=…"), "…");

    [GeneratedRegex("connectionstring|password|passwd|secret|token|credential|apikey|signingkey|:header(:|$)", RegexOptions.IgnoreCase)]
    private static partial Regex SecretForm();

    /// <summary>Up to the last @, for a password that is not percent-encoded may hold one.</summary>
    [GeneratedRegex(@"([A-Za-z][A-Za-z0-9+.-]*:(?://)?)[^\s]*@")]
    private static partial Regex UserInfoForm();

    [GeneratedRegex(@"(password|pwd|passfile|secret|token)\s*=\s*('[^']*'|""[^""]*""|[^,;&\s]*)", RegexOptions.IgnoreCase)]
    private static partial Regex PasswordForm();

    /// <summary>The prefixes by which payment providers, this gateway and others mark their secrets.</summary>
    [GeneratedRegex(@"\b(?:sk_live|sk_test|rk_live|rk_test|whsec|creem|mg_live|mg_test|mgs|mgo)_[A-Za-z0-9_-]+|\bBearer\s+\S+")]
    private static partial Regex TokenForm();
}
