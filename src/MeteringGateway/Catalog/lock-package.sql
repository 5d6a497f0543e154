-- Two changes of one package come one after the other.
select id, slug, name, description, credits, price_cents as PriceCents, currency, sort_order as SortOrder, active, created_at as CreatedAt
from packages
where id = @id
for no key update
