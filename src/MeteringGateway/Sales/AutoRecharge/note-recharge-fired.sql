-- With the order, in its transaction.
update auto_recharge r
set fired_at = @now, fired_seq = a.seq
from accounts a
where r.account_id = @accountId and a.id = r.account_id
