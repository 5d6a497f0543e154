-- All redemptions of the same coupon stand in one line here, which makes max_uses exact. A transaction that waited was begun
-- before it got the lock, so the moment that counts is the one after the wait.
select id, code, credits, max_uses as MaxUses, uses, starts_at as StartsAt, expires_at as ExpiresAt, created_at as CreatedAt
from coupons
where upper(code collate "C") = upper(@code collate "C")
for no key update
