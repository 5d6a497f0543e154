#!lua flags=allow-oom
-- Drops, while the partition is fenced, the holds of calls that the ledger has as charged: a Redis that came back older still has them.
-- KEYS    1 meta  2 holds
-- ARGV    1 the epoch that the partition was fenced for  2 and on: hold ids
-- ANSWERS 1 Dropped  2 Outrun
-- KEEPS   what an open partition holds. No account counts these holds yet: each account is loaded anew, with the holds that are left.
-- include meta.lua
local m = meta_of(read(KEYS[1]))
if not m or m[M_FENCE] ~= tonumber(ARGV[1]) then return 2 end
for i = 2, #ARGV do redis.call('HDEL', KEYS[2], ARGV[i]) end
return 1
