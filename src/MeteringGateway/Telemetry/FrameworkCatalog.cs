using static MeteringGateway.Telemetry.MetricKind;

namespace MeteringGateway.Telemetry;

/// <summary>
/// What .NET, Kestrel, its HTTP client and Npgsql measure of themselves, under the names that OpenTelemetry's convention for Prometheus
/// gives their instruments, but for gauges that would end in <c>_count</c>, which Prometheus keeps for histograms. Only what stands here is
/// listened to, and only the tags named here are shown: a client chooses hosts, methods, paths and statuses, and a customer's webhook the
/// server that is called; each value of theirs would be a series for ever.
/// </summary>
internal static class FrameworkCatalog
{
    /// <summary>The meters whose instruments are taken.</summary>
    public static IReadOnlySet<string> Meters { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "System.Runtime", "System.Net.Http", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql",
    };

    private static readonly string[] s_generations = ["gen0", "gen1", "gen2"];
    private static readonly string[] s_heaps = [.. s_generations, "loh", "poh"];

    public static IEnumerable<MetricEntry> Entries { get; } =
    [
        .. Runtime(),
        .. Server(),
        .. Clients(),
        .. Process(),
    ];

    private static IEnumerable<MetricEntry> Runtime() =>
    [
        Of("dotnet.gc.collections", "dotnet_gc_collections_total", Counter, "Garbage collections.", "gc.heap.generation", s_generations),
        Of("dotnet.gc.pause.time", "dotnet_gc_pause_time_seconds_total", Counter, "Time for which collections stopped all threads."),
        Of("dotnet.gc.heap.total_allocated", "dotnet_gc_heap_total_allocated_bytes_total", Counter, "Bytes allocated since the start."),
        Of(
            "dotnet.gc.last_collection.heap.size", "dotnet_gc_last_collection_heap_size_bytes", Gauge,
            "The managed heap after the last collection, with fragmentation.", "gc.heap.generation", s_heaps),
        Of(
            "dotnet.gc.last_collection.heap.fragmentation.size", "dotnet_gc_last_collection_heap_fragmentation_size_bytes", Gauge,
            "Fragmentation of the managed heap after the last collection.", "gc.heap.generation", s_heaps),
        Of(
            "dotnet.gc.last_collection.memory.committed_size", "dotnet_gc_last_collection_memory_committed_size_bytes", Gauge,
            "Memory that the collector had from the system after the last collection."),
        Of("dotnet.jit.compiled_methods", "dotnet_jit_compiled_methods_total", Counter, "Methods compiled since the start."),
        Of("dotnet.jit.compilation.time", "dotnet_jit_compilation_time_seconds_total", Counter, "Time spent on compiling methods."),
        Of("dotnet.monitor.lock_contentions", "dotnet_monitor_lock_contentions_total", Counter, "Locks that had to be waited for."),
        Of("dotnet.thread_pool.thread.count", "dotnet_thread_pool_threads", Gauge, "Threads of the pool."),
        Of("dotnet.thread_pool.queue.length", "dotnet_thread_pool_queue_length", Gauge, "Work that waits for a thread of the pool."),
        Of("dotnet.thread_pool.work_item.count", "dotnet_thread_pool_work_items_total", Counter, "Work that the pool has done."),
        Of("dotnet.timer.count", "dotnet_timers", Gauge, "Timers that are running."),
        Of("dotnet.exceptions", "dotnet_exceptions_total", Counter, "Exceptions thrown, caught or not."),
        Of("dotnet.process.cpu.count", "dotnet_process_cpus", Gauge, "Processors that the process may use."),
        Of(
            "dotnet.process.memory.working_set", "dotnet_process_memory_working_set_bytes", Gauge,
            "Physical memory that the process has."),
    ];

    private static IEnumerable<MetricEntry> Server() =>
    [
        Of("kestrel.active_connections", "kestrel_active_connections", Gauge, "Connections of clients."),
        Timed(
            "kestrel.connection.duration", "kestrel_connection_duration_seconds", "How long connections of clients were open.",
            DurationBuckets.Connection),
        Of("kestrel.rejected_connections", "kestrel_rejected_connections_total", Counter, "Connections refused: there were too many."),
        Of("kestrel.queued_connections", "kestrel_queued_connections", Gauge, "Connections that wait to be taken."),
        Of("kestrel.queued_requests", "kestrel_queued_requests", Gauge, "Requests over HTTP/2 that wait to be begun."),
        Of("kestrel.active_tls_handshakes", "kestrel_active_tls_handshakes", Gauge, "TLS handshakes under way."),
        Timed(
            "kestrel.tls_handshake.duration", "kestrel_tls_handshake_duration_seconds", "TLS handshakes with clients.",
            DurationBuckets.Overhead),
    ];

    private static IEnumerable<MetricEntry> Clients() =>
    [
        Timed(
            "http.client.request.duration", "http_client_request_duration_seconds",
            "Requests to providers, payment services and webhooks, until their answer's head.", DurationBuckets.Call),
        Of("http.client.active_requests", "http_client_active_requests", Gauge, "Requests to other servers under way."),
        Of(
            "http.client.open_connections", "http_client_open_connections", Gauge, "Connections to other servers.",
            "http.connection.state", ["active", "idle"]),
        Timed(
            "http.client.connection.duration", "http_client_connection_duration_seconds",
            "How long connections to other servers were open.", DurationBuckets.Connection),
        Timed(
            "http.client.request.time_in_queue", "http_client_request_time_in_queue_seconds",
            "How long requests to other servers waited for a connection.", DurationBuckets.Overhead),
        Of(
            "db.client.connection.count", "db_client_connections", Gauge, "Connections of the pool to PostgreSQL.",
            "db.client.connection.state", ["idle", "used"]),
        Of("db.client.connection.max", "db_client_connection_max", Gauge, "Connections that the pool to PostgreSQL may have."),
        Of(
            "db.client.connection.npgsql.pending_requests", "db_client_connection_npgsql_pending_requests", Gauge,
            "Callers that wait for a connection to PostgreSQL."),
        Of(
            "db.client.connection.npgsql.timeouts", "db_client_connection_npgsql_timeouts_total", Counter,
            "Callers that got no connection to PostgreSQL in time."),
        Timed(
            "db.client.connection.npgsql.create_time", "db_client_connection_npgsql_create_time_seconds",
            "How long it took to connect to PostgreSQL.", DurationBuckets.Overhead),
        Timed(
            "db.client.operation.duration", "db_client_operation_duration_seconds", "Commands to PostgreSQL.", DurationBuckets.Flush),
        Of(
            "db.client.operation.failed", "db_client_operation_failed_total", Counter,
            "Commands that PostgreSQL refused, with those whose refusal is an answer."),
        Of("db.client.operation.npgsql.executing", "db_client_operation_npgsql_executing", Gauge, "Commands to PostgreSQL under way."),
    ];

    private static IEnumerable<MetricEntry> Process() =>
    [
        Of(ProcessMetrics.Cpu, ProcessMetrics.Cpu, Counter, "Processor time of the process."),
        Of(ProcessMetrics.Memory, ProcessMetrics.Memory, Gauge, "Physical memory that the process has."),
        Of(ProcessMetrics.Start, ProcessMetrics.Start, Gauge, "When the process started, in Unix time."),
        Of(ProcessMetrics.OpenFiles, ProcessMetrics.OpenFiles, Gauge, "Open file descriptors, with connections; 0 where it can't be told."),
        Of(ProcessMetrics.MostFiles, ProcessMetrics.MostFiles, Gauge, "File descriptors that may be open; 0 where it can't be told."),
    ];

    private static MetricEntry Of(
        string instrument, string name, MetricKind kind, string help, string? tag = null, params string[] values) =>
        new(name, kind, help, tag is null ? [] : [tag], _ => values.Select(value => new[] { value })) { Instrument = instrument };

    private static MetricEntry Timed(string instrument, string name, string help, double[] bounds) =>
        Of(instrument, name, Histogram, help) with { Bounds = bounds };
}
