using System.Collections.Frozen;
using System.Globalization;

namespace MeteringGateway.Calls.Pricing;

/// <summary>
/// The currencies of ISO 4217 that something can be sold in, and how many decimal places their amounts are shown with. Amounts are
/// kept in the smallest unit, as payment providers take them, and pass through untouched; only what is shown asks here.
/// </summary>
internal static class Currency
{
    public const string Dollar = "USD";

    // Without funds codes, precious metals and the codes for tests and for none at all. ANG and BGN ended in 2025 and 2026.
    private const string Two =
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK "
        + "DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR ISK JMD KES KGS KHR KPW KYD KZT "
        + "LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR "
        + "RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES "
        + "WST XCD XCG YER ZAR ZMW ZWG";

    // MGA has no hundredth though ISO counts one, and ISK above has one though ISO counts none: as Stripe takes them.
    private const string None = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF";
    private const string Three = "BHD IQD JOD KWD LYD OMR TND";

    private static readonly FrozenDictionary<string, int> Places = Of(None, 0).Concat(Of(Two, 2)).Concat(Of(Three, 3)).ToFrozenDictionary();

    public static bool IsOne(string code) => Places.ContainsKey(code);

    /// <summary>
    /// As a price is written: <c>25.00 USD</c>, <c>3000 JPY</c>, <c>1.250 KWD</c>. A code that is none of ours keeps two places.
    /// </summary>
    public static string Show(long amount, string code)
    {
        var shown = Places.GetValueOrDefault(code, 2) switch
        {
            0 => amount.ToString(CultureInfo.InvariantCulture),
            3 => (amount / 1000m).ToString("F3", CultureInfo.InvariantCulture),
            _ => (amount / 100m).ToString("F2", CultureInfo.InvariantCulture),
        };
        return $"{shown} {code}";
    }

    private static IEnumerable<KeyValuePair<string, int>> Of(string codes, int places) =>
        codes.Split(' ').Select(code => KeyValuePair.Create(code, places));
}
