-- The ledger is append-only, so its table lies in the order in which it was written, and a stretch of blocks is a stretch of time. It is
-- read by its blocks (a TID range scan): an index for this would be paid by every entry, and looked at after a recovery alone.
select account_id as AccountId, key_id as KeyId, max(occurred_at) as LastCharge
from ledger_entries
where ctid >= format('(%s,0)', @first)::tid and ctid < format('(%s,0)', @end)::tid and key_id is not null
group by account_id, key_id
order by LastCharge desc
