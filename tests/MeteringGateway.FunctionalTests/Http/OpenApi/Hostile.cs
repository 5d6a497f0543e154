namespace MeteringGateway.FunctionalTests.Http.OpenApi;

/// <summary>What breaks readers: text that no store takes, numbers that no type holds, nesting, length.</summary>
internal static class Hostile
{
    private static readonly string s_long = new('x', 300);

    /// <summary>JSON texts, for a field.</summary>
    public static IReadOnlyList<string> Values { get; } =
    [
        "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"a\\udc00\"", "\"\\ud83d\\ude00\"", "\"\"", "\" \"", "\"\\u202e\"",
        "\"\\uffff\"", "\"\\n\"", $"\"{s_long}\"",
        $"\"{new string('x', 60_000)}\"", "\"'; drop table accounts; --\"", "\"%00\"", "\"1\"", "\"-1\"", "\"{p0}:a:1\"",
        "\"http://0.0.0.0/\"", "\"https://0.0.0.0/\"", "\"https://[::]/\"", "\"https://[::1]:0/\"", $"\"https://{s_long}.example/\"",
        "\"https://a..b/\"", "\"https://\\u00e9\\u0301.example/\"",
        "\"https://-/\"", "\"https://127.0.0.1:99999/\"", "\"https://example.com:0/\"", "\"javascript:alert(1)\"",
        "\"//\"", $"\"https://{new string('a', 64)}.example/\"",
        $"\"https://{string.Join('.', Enumerable.Repeat(new string('a', 60), 5))}.example/\"",
        "\"https://0/\"", "\"https://[::ffff:0.0.0.0]/\"", "\"https://255.255.255.255/\"",
        "\"9999-12-31T23:59:59.9999999Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"0001-01-01T00:00:00Z\"",
        "\"2026-02-30T00:00:00Z\"", "\"infinity\"",
        "0", "-1", "1", "1.5", "1e3", "1e400", "-1e400", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
        "1000000000000", "2147483648", new string('9', 400),
        "true", "false", "null", "[]", "{}", "[null]", "[\"\\u0000\"]", "[\"\\ud800\"]", "[{}]", "[[]]",
        "{\"a\":\"\\u0000\"}", "{\"\\u0000\":1}",
        "[{\"type\":\"FIXED\",\"limit\":1e400}]", "[{\"type\":\"RECURRING\",\"period\":\"\\u0000\",\"limit\":1}]",
        "[\"search\",\"search\"]",
        new string('[', 25) + new string(']', 25), new string('[', 5_000) + new string(']', 5_000),
    ];

    /// <summary>Whole bodies.</summary>
    public static IReadOnlyList<byte[]> Bodies { get; } =
    [
        [], " "u8.ToArray(), "null"u8.ToArray(), "1"u8.ToArray(), "[]"u8.ToArray(), "\"x\""u8.ToArray(), "{"u8.ToArray(),
        "{}"u8.ToArray(), "{\"a\":1,\"a\":2}"u8.ToArray(), "{\"\\ud800\":1}"u8.ToArray(),
        "{\"\\u0000\":1}"u8.ToArray(), [0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d], [0xef, 0xbb, 0xbf, 0x7b, 0x7d],
        [0], [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00],
        Text(new string('[', 100_000)), Text(string.Concat(Enumerable.Repeat("{\"a\":", 100_000))),
        Text("{\"a\":" + new string('9', 200_000) + "}"),
        Text("{\"a\":\"" + new string('x', 300_000) + "\"}"),
        Text("{" + string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"\"f{i}\":1")) + "}"),
    ];

    /// <summary>As they stand in a URL, for a part of the path or a parameter.</summary>
    public static IReadOnlyList<string> UrlParts { get; } =
    [
        "0", "-1", "1e3", "1.5", "9223372036854775807", "9223372036854775808", "99999999999999999999999", "%00", "a%00b",
        "%ED%A0%80", "%ff", "%F0%9F%98%80", "%E2%80%AE",
        "..%2f..", "%2e%2e", "%25", "%zz", "%0d%0a", "%20", "'%20or%201=1", "*", "~", s_long, new string('9', 2_000),
        "null", "%C3%A9", "2026-02-30", "9999-12-31T23:59:59.9999999Z",
        "0001-01-01", "9999-12-31",
    ];

    public static IReadOnlyList<string> HeaderValues { get; } =
    [
        "", " ", "\u00e9", "\ud83d\ude00", "a\tb", s_long, new string('x', 8_000), "%00", "Bearer", "Bearer  ", "Bearer \u00e9",
        "t=1,v1=00", "t=99999999999999999999,v1=", "t=-1,v1=zz", ",,,", "=", "v1=",
    ];

    private static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
