-- The oldest rows, so many at a time: those that are too old, and those beyond the bound. A row's id says when it came; ids have gaps, so
-- that at most as many rows are kept as the bound says. Gateways that forget at the same time take other rows.
delete from refused_calls
where id in (
  select id
  from (select id, at from refused_calls order by id limit @step for update skip locked) as oldest
  where at < @before or id <= (select max(id) from refused_calls) - @most);
