-- The first gateway's value stays. The insert waits for another that is under way, so two that start at once agree.
insert into settings (name, value)
values (@name, @value)
on conflict (name) do nothing;

select value from settings where name = @name
