namespace MeteringGateway.Configuration;

/// <summary>Where the gateway listens: outermost settings, as every ASP.NET Core server has them.</summary>
internal sealed class AddressOptions
{
    public const string Section = "";

    /// <summary>Listen addresses, separated by ';'. Unset: what Kestrel listens on by itself, <c>http://localhost:5000</c>.</summary>
    public string? Urls { get; set; }

    /// <summary>The address that is given out; unset: the first of <see cref="Urls"/>.</summary>
    public string? PublicUrl { get; set; }

    public void Check(ConfigurationErrors errors)
    {
        foreach (var url in (Urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!IsListenAddress(url))
                errors.Add(nameof(Urls), url, "listen addresses like http://127.0.0.1:8080, separated by ';'");
        }
    }

    internal static bool IsListenAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme is "http" or "https" && address.Port is >= 0 and <= 65535;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
