using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration.Json;

namespace MeteringGateway.Configuration;

/// <summary>
/// The configuration file. Unlike the framework's provider it never forgets what it read: that one empties itself when
/// the file is deleted or half written, and every reader of the configuration would see the defaults for a moment.
/// A changed file is read by a new provider into a candidate instead.
/// </summary>
internal sealed class GatewayFileProvider(string path) : JsonConfigurationProvider(new JsonConfigurationSource()), IConfigurationSource
{
    public string FilePath { get; } = path;

    /// <summary>Of the content that was read last, to tell later whether the file is another.</summary>
    public string Fingerprint { get; private set; } = "";

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public override void Load()
    {
        try
        {
            var content = Content(FilePath);
            Fingerprint = FingerprintOf(content);
            var text = Utf8(content);
            if (JsonNames.Twice(text) is { } twice)
                throw new ConfigurationException($"{FilePath}:{twice.Line} has '{ConfigurationErrors.Shown(twice.Name)}' a second time in "
                    + "one object: must be there once");
            using var stream = new MemoryStream(JsonTexts.Keep(text));
            Load(stream);
        }
        catch (DecoderFallbackException)
        {
            throw new ConfigurationException($"{FilePath} is not text in UTF-8: must be saved as UTF-8");
        }
        catch (InvalidOperationException)
        {
            throw new ConfigurationException(
                $"{FilePath} has a text with half of a surrogate pair (\\ud800 to \\udfff): must be whole characters");
        }
        catch (FormatException e)
        {
            throw new ConfigurationException(Line(e));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigurationException($"{FilePath} is missing: must be the configuration file (GATEWAY_CONFIG names another)");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{FilePath} can't be read: {e.Message}");
        }
    }

    /// <summary>Empty when there is no file to read, which is a state like any other.</summary>
    public static string FingerprintOf(string path)
    {
        try
        {
            return FingerprintOf(Content(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string FingerprintOf(byte[] content) => Convert.ToHexString(SHA256.HashData(content));

    private static byte[] Content(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var content = new MemoryStream();
        file.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>
    /// A file that an editor saved with another mark at its beginning is read as what the mark says; anything else must be UTF-8,
    /// or names would be read with holes.
    /// </summary>
    private static byte[] Utf8(byte[] content)
    {
        using var reader = new StreamReader(
            new MemoryStream(content), new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
        return Encoding.UTF8.GetBytes(reader.ReadToEnd());
    }

    private string Line(FormatException e)
    {
        if (e.InnerException is not JsonException json)
            return $"{FilePath} is not usable: {e.Message}";
        // The reader counts from zero, editors from one; its message repeats the position at the end.
        var message = json.Message.Split(" LineNumber:", 2)[0];
        return $"{FilePath}:{json.LineNumber + 1}:{json.BytePositionInLine + 1} is not JSON: {message}";
    }
}
