insert into settings (name, value)
values ('notices.signing_key', @value)
on conflict (name) do nothing;

select value from settings where name = 'notices.signing_key'
