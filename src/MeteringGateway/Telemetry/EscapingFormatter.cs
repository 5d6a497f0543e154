using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace MeteringGateway.Telemetry;

/// <summary>
/// Any console format, with what a log statement was given made harmless first. Done here and not at the statements: one that forgets it
/// an attacker that writes into the log would find.
/// </summary>
internal sealed class EscapingFormatter(ConsoleFormatter format) : ConsoleFormatter(format.Name)
{
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var (original, exception) = (logEntry.Formatter, logEntry.Exception);
        var entry = new LogEntry<TState>(
            logEntry.LogLevel, logEntry.Category, logEntry.EventId, logEntry.State,
            exception is null ? null : new LoggedException(exception), (state, _) => LogText.Escape(original(state, exception)));
        format.Write(in entry, scopeProvider, textWriter);
    }

    private sealed class LoggedException(Exception exception) : Exception(LogText.Escape(exception.Message))
    {
        public override string ToString() => LogText.Of(exception);
    }
}

internal static class EscapingFormatterExtensions
{
    /// <summary>
    /// After all formats were added; it bounds their lines as well. The JSON format escapes by itself, and would show an escape of ours as
    /// one.
    /// </summary>
    public static void EscapeTextFromOutside(this ILoggingBuilder logging)
    {
        var services = logging.Services;
        for (var i = 0; i < services.Count; i++)
        {
            if (services[i] is { ServiceType: var service, ImplementationType: { } type } && service == typeof(ConsoleFormatter))
            {
                var escapes = type.Name.Contains("Json", StringComparison.Ordinal);
                services[i] = ServiceDescriptor.Singleton<ConsoleFormatter>(provider =>
                {
                    var format = (ConsoleFormatter)ActivatorUtilities.CreateInstance(provider, type);
                    return new BoundedFormatter(
                        escapes ? format : new EscapingFormatter(format), provider.GetService<TimeProvider>() ?? TimeProvider.System);
                });
            }
        }
    }
}
