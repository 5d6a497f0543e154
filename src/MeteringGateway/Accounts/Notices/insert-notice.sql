with noted as (
  insert into notices (account_id, type, window_id, percent, threshold, reason)
  values (@AccountId, @Type, @Occasion, 0, @Threshold, @Reason)
  on conflict do nothing
  returning id, account_id
)
insert into webhook_deliveries (notice_id)
select n.id from noted n join webhooks w on w.account_id = n.account_id
