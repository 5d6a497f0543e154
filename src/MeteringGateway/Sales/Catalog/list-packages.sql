select id, slug, name, description, credits, price_cents as PriceCents, currency, sort_order as SortOrder, active, created_at as CreatedAt
from packages
where active or @includeInactive
order by sort_order, id
