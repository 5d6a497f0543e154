-- Accounts whose entries were never added up begin at 0. In id order, as every statement that waits for more than one of these rows.
insert into usage_progress (account_id)
select id from unnest(@accounts) as a (id)
where not exists (select from usage_progress p where p.account_id = a.id)
order by id
on conflict do nothing;
