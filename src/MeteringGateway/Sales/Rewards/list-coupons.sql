select count(*) from coupons;

select id, code, credits, max_uses as MaxUses, uses, starts_at as StartsAt, expires_at as ExpiresAt, created_at as CreatedAt
from coupons
order by id desc
limit @limit offset @offset
