-- The window is the moment: each binding is a notice of its own.
with noted as (
  insert into notices (account_id, type, window_id, percent, threshold)
  values (@accountId, 'identity_bound', floor(extract(epoch from clock_timestamp()) * 1000)::bigint, 100, 0)
  returning id, account_id
)
insert into webhook_deliveries (notice_id)
select n.id
from noted n
join webhooks w on w.account_id = n.account_id
