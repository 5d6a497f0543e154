-- What may still be done with a secret of a key, now: PostgreSQL has each revocation and suspension before anyone is told of it.
select (k.status = 'active'
        and (k.expires_at is null or k.expires_at > @now)
        and (@version = k.secret_version or (@version = k.secret_version - 1 and k.previous_secret_until > @now))) as IsOpen,
       a.status = 'suspended' as IsSuspended,
       -- A key acts with what its maker may do now, not when it was made; one that outlived the membership may do the least.
       case when k.made_by is null or k.made_by = k.account_id then 'owner' else coalesce(m.role, 'member') end as Role,
       nullif(k.made_by, k.account_id) as MemberId
from keys k
join accounts a on a.id = k.account_id
left join team_members m on m.team_id = k.account_id and m.account_id = k.made_by
where k.id = @keyId
