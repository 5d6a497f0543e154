namespace MeteringGateway.Ledger.Background;

/// <summary>
/// What waits to travel together: a batch takes all that has arrived while those before it were under way, without a timer.
/// Any number of callers at once.
/// </summary>
/// <param name="mostUnderWay">Batches at once.</param>
/// <param name="mostInBatch">Items in one of them.</param>
/// <param name="mostWaiting">Items that wait; more are refused.</param>
internal sealed class BatchQueue<TItem>(int mostUnderWay, int mostInBatch, int mostWaiting)
{
    private readonly Lock _gate = new();
    private List<TItem> _waiting = [];
    private int _underWay;

    /// <summary>False: too many wait.</summary>
    /// <param name="item">What is to travel.</param>
    /// <param name="mayStart">A place under way is free and now the caller's: it takes batches until there is none.</param>
    public bool TryAdd(TItem item, out bool mayStart)
    {
        mayStart = false;
        lock (_gate)
        {
            if (_waiting.Count >= mostWaiting)
            {
                return false;
            }

            _waiting.Add(item);
            if (_underWay < mostUnderWay)
            {
                _underWay++;
                mayStart = true;
            }

            return true;
        }
    }

    /// <summary>The items that wait, oldest first. Null: none does, and the caller's place under way is given back.</summary>
    public List<TItem>? Take()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _underWay--;
                return null;
            }

            if (_waiting.Count <= mostInBatch)
            {
                return TakeAll();
            }

            var first = _waiting.GetRange(0, mostInBatch);
            _waiting.RemoveRange(0, mostInBatch);
            return first;
        }
    }

    /// <summary>All items that wait, which travel no more.</summary>
    public List<TItem> TakeAll()
    {
        lock (_gate)
        {
            var all = _waiting;
            _waiting = new List<TItem>(all.Count);
            return all;
        }
    }
}
