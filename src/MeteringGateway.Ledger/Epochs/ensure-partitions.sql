-- The first start's number stays; "do nothing" waits for a first start that runs beside this one.
insert into settings (name, value) values ('partitions', @wanted) on conflict (name) do nothing;

insert into partitions (partition)
select generate_series(0, value::int - 1) from settings where name = 'partitions'
on conflict (partition) do nothing;

select value::int from settings where name = 'partitions';
