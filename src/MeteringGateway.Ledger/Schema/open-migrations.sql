-- One migrator at a time. The lock comes before the table, for two "if not exists" at once can collide.
-- 0x6d67 ("mg") is this product's class of advisory locks for its schema; the flusher has its own.
select pg_advisory_xact_lock(28007, 0);

create table if not exists migrations (
  name       text        primary key,
  checksum   text        not null,
  applied_at timestamptz not null default now()
);
