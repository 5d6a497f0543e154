-- An account that removed its webhook leaves what was under way as dead letters, which may be sent again to a later one.
update webhook_deliveries d
set status = 'dead', last_error = 'The account has no webhook any more.', settled_at = now()
from notices n
where n.id = d.notice_id
  and d.status = 'pending' and d.next_attempt_at <= now()
  and not exists (select from webhooks w where w.account_id = n.account_id)
