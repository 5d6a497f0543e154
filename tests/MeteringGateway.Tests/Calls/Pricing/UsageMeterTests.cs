using System.Text;
using MeteringGateway.Calls.Pricing.Usage;

namespace MeteringGateway.Tests.Calls.Pricing;

/// <summary>Each stream is read whole, byte by byte, and cut once at each place: what it costs is the same.</summary>
public sealed class UsageMeterTests
{
    private static readonly UsageRates s_openAi = new(
        [new("usage.prompt_tokens", 3), new("usage.completion_tokens", 15)], 1000, 1, 500);
    private static readonly UsageRates s_anthropic = new(
        [new("usage.input_tokens", 3), new("usage.output_tokens", 15)], 1000, 1, 500);

    public static TheoryData<string, long?> EventStreams => new()
    {
        { "", null },
        { "data: {\"choices\":[]}\n\ndata: {\"usage\":null}\n\ndata: [DONE]\n\n", null },
        { "data: {\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":1000}}\n\ndata: [DONE]\n\n", 18 },
        { "data: {\"usage\":{\"prompt_tokens\":1000}}\r\rdata: {\"usage\":null}\r\r", 3 },
        { "data:{\"usage\":{\"prompt_tokens\":1000}}\r\n\r\ndata: {\"usage\":{\"prompt_tokens\":2000,\"x\":null}}\r\n\r\n", 6 },
        { "\ufeffdata: {\"usage\":{\"prompt_tokens\":1000}}\n\n", 3 },
        { ": data: {\"usage\":{\"prompt_tokens\":1000}}\n\n", null },
        { "event: x\nid: 7\ndata: {\"usage\":\ndata: {\"prompt_tokens\":1000}\ndata\ndata: }\nretry: 9\n\n", 3 },
        { "data: {\"usage\":{\"prompt_tokens\":10\ndata: 00}}\n\n", null },
        { "datas: {\"usage\":{\"prompt_tokens\":1000}}\n\n data: {\"usage\":{\"prompt_tokens\":1000}}\n\n", null },
        { "data: {\"usage\":{\"prompt_tokens\":1000}}\n", 3 },
        { "data: {\"usage\":{\"prompt_tokens\":1000}}", 3 },
        { "data: {\"usage\":{\"prompt_tokens\":1000}", null },
        { "data: {\"usage\":{\"prompt_tokens\":1000}}\n\ndata: {\"usage\":{\"prompt_tokens\":90", 3 },
        { "data: {\"response\":{\"id\":\"ü\",\"usage\":{\"prompt_tokens\":1000}}}\n\n", 3 },
        { "data: {\"delta\":{\"usage\":{\"prompt_tokens\":1000}}}\n\n", null },
        { "data: [{\"usage\":{\"prompt_tokens\":1000}}]\n\n", null },
    };

    [Theory]
    [MemberData(nameof(EventStreams))]
    public void Credits_OfAnEventStream_AreThoseOfTheLastUsage(string stream, long? credits)
    {
        AssertAnyCut(s_openAi, AnswerShape.EventStream, stream, credits);
    }

    [Fact]
    public void Credits_OfAnthropicsStream_TakeEachFieldAtItsLastValue()
    {
        const string Stream = """
            event: message_start
            data: {"type":"message_start","message":{"id":"m","usage":{"input_tokens":2000,"output_tokens":1}}}

            event: ping
            data: {"type":"ping"}

            event: message_delta
            data: {"type":"message_delta","usage":{"output_tokens":500}}

            event: message_delta
            data: {"type":"message_delta","usage":{"input_tokens":null,"output_tokens":1000}}


            """;
        AssertAnyCut(s_anthropic, AnswerShape.EventStream, Stream, 6 + 15);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("{\"usage\":{\"prompt_tokens\":1000}}\n{\"usage\":{\"prompt_tokens\":2000}}\n", 6L)]
    [InlineData("{\"message\":{\"usage\":{\"prompt_tokens\":1000}}}\r\n\r\nnot json\r\n{\"x\":1}", 3L)]
    [InlineData("\ufeff{\"usage\":{\"prompt_tokens\":1000}}", 3L)]
    [InlineData("{\"usage\":{\"prompt_tokens\":1000}", null)]
    [InlineData("data: {\"usage\":{\"prompt_tokens\":1000}}\n", null)]
    public void Credits_OfLines_AreThoseOfTheLastUsage(string stream, long? credits)
    {
        AssertAnyCut(s_openAi, AnswerShape.JsonLines, stream, credits);
    }

    [Theory]
    [InlineData("""{"usage":{"prompt_tokens":1000,"completion_tokens":1000}}""", 18L, false)]
    [InlineData("""  [1, "\u00fc\"", {"usage":{"prompt_tokens":1000}}] """, null, false)]
    [InlineData("""{"usage":{"prompt_tokens":1000},"usage":{"prompt_tokens":null}}""", null, false)]
    [InlineData("""{"message":{"usage":{"prompt_tokens":1000}}}""", null, false)]
    [InlineData("7", null, false)]
    [InlineData("", null, true)]
    [InlineData("{", null, true)]
    [InlineData("{} {}", null, true)]
    [InlineData("{\"a\":\"\\x\"}", null, true)]
    [InlineData("{\"a\":\"\n\"}", null, true)]
    [InlineData("{\"a\":\"", null, true)]
    [InlineData("{'a':1}", null, true)]
    public void Credits_OfOneDocument_AreThoseOfItsRoot(string json, long? credits, bool isDamaged)
    {
        AssertAnyCut(s_openAi, AnswerShape.Json, json, credits, isDamaged);
        AssertAnyCut(null, AnswerShape.Json, json, null, isDamaged);
    }

    [Theory]
    [InlineData(new byte[] { 0xC3, 0xBC }, false)]
    [InlineData(new byte[] { 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x98, 0x80 }, false)]
    [InlineData(new byte[] { 0xC3 }, true)]
    [InlineData(new byte[] { 0xC3, 0x28 }, true)]
    [InlineData(new byte[] { 0xE0, 0x80, 0x80 }, true)]
    [InlineData(new byte[] { 0xF0, 0x9F, 0x98 }, true)]
    [InlineData(new byte[] { 0x80 }, true)]
    public void IsDamaged_ByBytesThatAreNoText_WhereverTheyAreCut(byte[] text, bool isDamaged)
    {
        byte[] json = [.. "{\"a\":\""u8, .. text, .. "\"}"u8];
        foreach (var cut in Enumerable.Range(0, json.Length + 1))
        {
            var meter = UsageMeter.JsonCheck();
            meter.Read(json.AsSpan(0, cut));
            meter.Read(json.AsSpan(cut));
            meter.End();
            Assert.Equal(isDamaged, meter.IsDamaged);
        }
    }

    /// <summary>Pictures in an answer are texts of many megabytes.</summary>
    [Theory]
    [InlineData("A")]
    [InlineData("\\u00fc")]
    [InlineData("\\\\\\\"")]
    [InlineData("ü")]
    public void Read_TextOfManyMegabytes_IsPassedOver(string sign)
    {
        var meter = s_openAi.Meter(AnswerShape.Json);
        var part = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(sign, 10_007)));
        meter.Read("{\"picture\":\""u8);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            meter.Read(part);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, part.Length * 1000L * 2);
        meter.Read("\",\"usage\":{\"prompt_tokens\":1000}}"u8);
        meter.End();
        Assert.Equal((false, 3L), (meter.IsDamaged, meter.Credits));
    }

    [Fact]
    public void Read_NumberBeyondTheBound_IsDamage()
    {
        var meter = UsageMeter.JsonCheck();
        var digits = Encoding.ASCII.GetBytes(new string('7', 100_000));
        for (var i = 0; i < 11; i++)
        {
            meter.Read(digits);
        }

        Assert.True(meter.IsDamaged);
    }

    [Theory]
    [InlineData("data: ", "\n\n")]
    [InlineData("", "\n")]
    public void Read_EventOfAnyLength_Counts(string before, string after)
    {
        var shape = before.Length > 0 ? AnswerShape.EventStream : AnswerShape.JsonLines;
        foreach (var size in new[] { LineCutter.LongestLine - 200, LineCutter.LongestLine, LineCutter.LongestLine + 1, 3_000_000 })
        {
            var meter = s_openAi.Meter(shape);
            var text = new string('x', size);
            Read(meter, $$$"""{{{before}}}{"usage":{"prompt_tokens":1000}}{{{after}}}""");
            Read(meter, $$$"""{{{before}}}{"usage":{"prompt_tokens":2000},"x":"{{{text}}}"}{{{after}}}""");
            Read(meter, $$$"""{{{before}}}{}{{{after}}}""");
            Assert.Equal(6, meter.Credits);

            // One that is no JSON shows nothing, and the next one counts.
            Read(meter, $$$"""{{{before}}}{"usage":{"prompt_tokens":9000},"x":"{{{text}}}"{{{after}}}""");
            Assert.Equal(6, meter.Credits);
            Read(meter, $$$"""{{{before}}}{"usage":{"prompt_tokens":3000}}{{{after}}}""");
            Assert.Equal(9, meter.Credits);
        }

        static void Read(UsageMeter meter, string text)
        {
            foreach (var piece in Encoding.UTF8.GetBytes(text).Chunk(5000))
            {
                meter.Read(piece);
            }
        }
    }

    [Fact]
    public void Read_EventOfManyLines_CountsHoweverManyTheyAre()
    {
        var meter = s_openAi.Meter(AnswerShape.EventStream);
        meter.Read("data: {\"usage\":{\"prompt_tokens\":1000}\n"u8);
        for (var i = 0; i < 600; i++)
        {
            meter.Read(Encoding.ASCII.GetBytes($"data: {new string(' ', 2000)}\n"));
        }

        meter.Read("data: }\n\n"u8);
        Assert.Equal(3, meter.Credits);
        meter.Read("data: {\"usage\":{\"prompt_tokens\":2000}}\n\n"u8);
        Assert.Equal(6, meter.Credits);
    }

    [Fact]
    public void Credits_OfWhatIsNoText_AreUnknown()
    {
        AssertAnyCut(s_openAi, AnswerShape.Opaque, """{"usage":{"prompt_tokens":1000}}""", null);
    }

    private static void AssertAnyCut(UsageRates? rates, AnswerShape shape, string text, long? credits, bool isDamaged = false)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var single = new UsageMeter(rates, shape);
        foreach (var one in bytes)
        {
            single.Read([one]);
        }

        single.End();
        Assert.Equal((credits, isDamaged), (single.Credits, single.IsDamaged));
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var meter = new UsageMeter(rates, shape);
            meter.Read(bytes.AsSpan(0, cut));
            meter.Read(bytes.AsSpan(cut));
            meter.End();
            Assert.Equal((credits, isDamaged), (meter.Credits, meter.IsDamaged));
        }
    }
}
