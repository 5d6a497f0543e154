using MeteringGateway.Accounts.Audit;
using MeteringGateway.Sales.AutoRecharge;

namespace MeteringGateway.Tests.Accounts.Audit;

public sealed class AuditSnapshotTests
{
    [Fact]
    public void Snapshot_OfNothing_IsNothing() => Assert.Null(AuditTrail.Snapshot(null));

    /// <summary>All of the thing in the names of the wire, what is null too: what a change removed has to be seen.</summary>
    [Fact]
    public void Snapshot_OfASetting_IsAllOfItInTheWiresNames() => Assert.Equal(
        """{"enabled":true,"threshold":20,"amount_cents":2500,"monthly_cap_cents":null,"stopped_at":null,"paused_until":"""
        + """null,"last_refusal":null,"cap_cents":10000}""",
        AuditTrail.Snapshot(new AutoRechargeSettings { Enabled = true }));

    /// <summary>Written by what it is, not by what the caller holds it as, and readable.</summary>
    [Fact]
    public void Snapshot_OfATextOrAnObject_IsItselfAndNotEscaped()
    {
        Assert.Equal("\"Zoë & Ulf <z@u.se>\"", AuditTrail.Snapshot("Zoë & Ulf <z@u.se>"));
        Assert.Equal("""{"full_name":"Zoë"}""", AuditTrail.Snapshot((object)new { FullName = "Zoë" }));
    }
}
