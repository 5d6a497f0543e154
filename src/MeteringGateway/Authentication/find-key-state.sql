-- What may still be done with a secret of a key, now: PostgreSQL has each revocation and suspension before anyone is told of it.
select (k.status = 'active'
        and (k.expires_at is null or k.expires_at > @now)
        and (@version = k.secret_version or (@version = k.secret_version - 1 and k.previous_secret_until > @now))) as IsOpen,
       a.status = 'suspended' as IsSuspended
from keys k
join accounts a on a.id = k.account_id
where k.id = @keyId
