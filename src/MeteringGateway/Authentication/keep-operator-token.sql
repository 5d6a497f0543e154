-- The first gateway to start makes the token; the others find its hash.
insert into settings (name, value)
values ('operator_token_sha256', @value)
on conflict (name) do nothing
