select id, slug, name, description, credits, price_cents as PriceCents, currency, sort_order as SortOrder, active, created_at as CreatedAt
from packages
where (@id::bigint is not null or @slug::text is not null)
  and (@id is null or id = @id)
  and (@slug is null or slug = @slug)
