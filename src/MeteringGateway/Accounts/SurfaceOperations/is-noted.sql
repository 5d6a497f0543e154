select exists (
  select 1
  from (select after from audit where actor = @Actor and target = @Target order by id desc limit 1) last
  where last.after is not distinct from cast(@After as jsonb)
)
