insert into coupons (code, credits, max_uses, starts_at, expires_at)
values (@code, @credits, @maxUses, @startsAt, @expiresAt)
on conflict do nothing
returning id, code, credits, max_uses as MaxUses, uses, starts_at as StartsAt, expires_at as ExpiresAt, created_at as CreatedAt
