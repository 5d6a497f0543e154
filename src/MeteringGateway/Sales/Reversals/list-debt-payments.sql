select debt_id as Id, credits as Open
from debt_payments
where entry_id = @entryId and credits > 0
order by debt_id desc
for update
