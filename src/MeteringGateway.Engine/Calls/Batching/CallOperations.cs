using System.Globalization;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Engine.Calls.Batching;

/// <summary>Reserve: holds the most that a call may cost.</summary>
internal sealed class ReserveOperation(int partition, long epoch, string holdId, Reservation reservation)
    : CallOperation(partition, epoch, holdId, reservation.AccountId, reservation.KeyId)
{
    public override int Kind => 1;

    public override string SentPoint => "reserve-sent";

    public override bool Holds => true;

    public override bool HasSnapshot(int code) => code > 0;

    public override bool HasRecord(int code) => code is >= 30 and <= 32;

    public override bool Knows(int code) => code is 1 or (>= 10 and <= 16) or (>= 20 and <= 24) or (>= 30 and <= 32);

    public override void Write(BatchRequest batch, BatchBuffer buffer)
    {
        buffer.Number(reservation.Amount);
        buffer.Number((long)reservation.Lifetime.TotalMilliseconds);
        buffer.Number(reservation.SecretVersion);
        buffer.Short(batch.PlaceOfRecord(Partition, reservation));
        buffer.Short(string.Create(CultureInfo.InvariantCulture, $"{AccountId}|{KeyId}|{reservation.Amount}|"));
        buffer.Short(reservation.Surface);
        buffer.Short(reservation.Ticket);
    }
}

/// <summary>Admission: what reserve would decide, without a hold.</summary>
/// <param name="counts">The call is made, so it counts against the key's calls a minute.</param>
internal sealed class AdmitOperation(int partition, long epoch, Reservation reservation, bool counts)
    : CallOperation(partition, epoch, reservation.RequestId, reservation.AccountId, reservation.KeyId)
{
    public override int Kind => 5;

    public override string SentPoint => "admit-sent";

    public override bool Holds => true;

    public override bool HasSnapshot(int code) => code > 0;

    public override bool Knows(int code) => code is 1 or (>= 10 and <= 16) or (>= 20 and <= 24);

    public override void Write(BatchRequest batch, BatchBuffer buffer)
    {
        buffer.Number(reservation.Amount);
        buffer.Byte(counts ? 1 : 0);
        buffer.Number(reservation.SecretVersion);
        buffer.Short(reservation.Surface);
    }
}

/// <summary>Commit: turns a hold into a charge and its entry.</summary>
/// <param name="partition">The account's partition.</param>
/// <param name="epoch">The only epoch under which the operation may run.</param>
/// <param name="hold">The hold, which may be gone.</param>
/// <param name="price">In credits, at most what is held.</param>
/// <param name="isRetry">An earlier delivery of this commit may have taken effect.</param>
/// <param name="tail">The entry's tail, JSON.</param>
internal sealed class CommitOperation(int partition, long epoch, Hold hold, long price, bool isRetry, string tail)
    : CallOperation(partition, epoch, hold.Id, hold.Reservation.AccountId, hold.Reservation.KeyId)
{
    public override int Kind => 2;

    public override string SentPoint => "commit-sent";

    public override bool HasSnapshot(int code) => code > 0;

    public override bool Knows(int code) => code is >= 1 and <= 4;

    public override void Write(BatchRequest batch, BatchBuffer buffer)
    {
        var (day, week, month) = hold.Windows;
        buffer.Number(price);
        buffer.Number(hold.Reservation.Amount);
        buffer.Number(day);
        buffer.Number(week);
        buffer.Number(month);
        buffer.Byte(isRetry ? 1 : 0);
        buffer.Short(batch.PlaceOf(PartitionMap.IdempotencyKey(Partition, hold.Reservation.RequestId)));
        buffer.Short(batch.PlaceOfRecord(Partition, hold.Reservation));
        buffer.Short(string.Create(
            CultureInfo.InvariantCulture, $"{AccountId}|{KeyId}|{hold.Reservation.Amount}|{day}|{week}|{month}|"));
        buffer.Short(string.Create(CultureInfo.InvariantCulture, $"|{AccountId}|{KeyId}|-{price}|"));
        buffer.Long(string.Create(CultureInfo.InvariantCulture, $"|{day}|{week}|{month}|"), tail);
        buffer.Short(hold.Reservation.Ticket);
    }
}

/// <summary>How a hold is given back; the numbers are those of batch.lua.</summary>
internal enum ReleaseMode
{
    /// <summary>By its owner: the call came to nothing, and its idempotency key is free.</summary>
    Uncharged = 0,

    /// <summary>Only past the hold's deadline.</summary>
    Expiry = 1,

    /// <summary>By its owner: the call is done and cost nothing, and a repeat gets its answer.</summary>
    Free = 2,
}

/// <summary>Release: gives a hold back.</summary>
/// <param name="mode">Why.</param>
/// <param name="reservation">The owner's, whose idempotency record is ended; null for expiry, which does not know it.</param>
internal sealed class ReleaseOperation(
    int partition, long epoch, string holdId, long accountId, long keyId, ReleaseMode mode, Reservation? reservation)
    : CallOperation(partition, epoch, holdId, accountId, keyId)
{
    public override int Kind => 3;

    public override string SentPoint => "release-sent";

    public override bool Knows(int code) => code is >= 1 and <= 3;

    public override void Write(BatchRequest batch, BatchBuffer buffer)
    {
        buffer.Byte((int)mode);
        buffer.Short(reservation is null ? 0 : batch.PlaceOfRecord(Partition, reservation));
        buffer.Short(reservation?.Ticket ?? "");
    }
}

/// <summary>Extension: moves a hold's deadline, never to an earlier one.</summary>
/// <param name="lifetime">From now on.</param>
internal sealed class ExtendOperation(int partition, long epoch, Hold hold, TimeSpan lifetime)
    : CallOperation(partition, epoch, hold.Id, hold.Reservation.AccountId, hold.Reservation.KeyId)
{
    /// <summary>The hold has a new deadline, which follows the code.</summary>
    public const int Extended = 1;

    public override int Kind => 4;

    public override string SentPoint => "extend-sent";

    public override bool Knows(int code) => code is Extended or 2;

    public override void Write(BatchRequest batch, BatchBuffer buffer) => buffer.Number((long)lifetime.TotalMilliseconds);
}
