#!lua
-- Claims an idempotency key for a call that holds nothing.
-- KEYS    1 record
-- ARGV    1 the record as this call makes it  2 its life while the call is under way (ms)
-- ANSWERS 1 Claimed  2 Taken, then the record that is there
-- KEEPS   a record of another request; a second delivery finds its own and claims it again.
local record = redis.pcall('GET', KEYS[1])
if type(record) == 'string' and record ~= ARGV[1] then return {2, record} end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {1}
