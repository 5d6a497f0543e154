#!lua flags=allow-oom
-- Ends a claim: the call is done, or the key is free.
-- KEYS    1 record
-- ARGV    1 the record as the claim made it  2 the record in its place, '' for none  3 its life (s)
-- ANSWERS 1 Closed  2 Gone
-- KEEPS   a record of another request, which came when the claim had run out.
local record = redis.pcall('GET', KEYS[1])
if record == ARGV[2] and record ~= '' then return 1 end
if record ~= ARGV[1] then return 2 end
if ARGV[2] == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) end
return 1
