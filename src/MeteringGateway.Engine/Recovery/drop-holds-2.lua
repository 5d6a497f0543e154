#!lua flags=allow-oom
-- Drops holds, while their partition is fenced, whose calls the ledger has as charged: a Redis that came back older has them still.
-- KEYS    1 meta  2 holds
-- ARGV    1 the epoch that the partition was fenced for  2 and on: reservation ids
-- ANSWERS 1 Dropped  2 Outrun
-- KEEPS   what an open partition holds. No account counts them yet: each is loaded anew, with the holds that are left.
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 2 end
for i = 2, #ARGV do redis.call('HDEL', KEYS[2], ARGV[i]) end
return 1
