-- Off after so many refusals in a row since the customer's last change. What was given up before a card was asked is none.
update auto_recharge r
set enabled = false, stopped_at = @now
where r.account_id = @accountId and r.enabled
  and @most <= (
    select count(*)
    from orders o
    where o.account_id = r.account_id and o.kind = 'auto_recharge' and o.status = 'declined' and o.created_at >= r.updated_at
      and o.id > coalesce((
        select max(paid.id)
        from orders paid
        where paid.account_id = r.account_id and paid.kind = 'auto_recharge' and paid.status in ('paid', 'fulfilled')), 0))
returning r.threshold, (
  select max(o.id) from orders o where o.account_id = r.account_id and o.kind = 'auto_recharge') as OrderId, (
  select o.refusal from orders o where o.account_id = r.account_id and o.kind = 'auto_recharge' order by o.id desc limit 1) as Refusal
