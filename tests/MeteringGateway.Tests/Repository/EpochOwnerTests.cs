namespace MeteringGateway.Tests.Repository;

/// <summary>A flusher that taught itself the newest epoch could write what an abandoned Redis still holds: only recovery may.</summary>
public sealed class EpochOwnerTests
{
    [Theory]
    [InlineData("epochs.Learn(", "Partitions.cs")]
    [InlineData("partitions.Open(", "PartitionRecovery.cs")]
    public void Epochs_AreLearntByRecoveryAlone(string call, string only)
    {
        var callers =
            from path in Directory.EnumerateFiles(Path.Combine(TidyTests.Root, "src"), "*.cs", SearchOption.AllDirectories)
            where File.ReadAllText(path).Contains(call, StringComparison.Ordinal)
            select Path.GetFileName(path);

        Assert.Equal([only], callers);
    }
}
