namespace MeteringGateway.Engine.Loading.Batches;

/// <summary>The requests of one partition, and the epoch under which what is read for them may be written.</summary>
internal sealed record LoadGroup(int Partition, long Epoch, List<LoadRequest> Requests)
{
    public void Fail(Exception reason) => Requests.ForEach(request => request.Fail(reason));
}
