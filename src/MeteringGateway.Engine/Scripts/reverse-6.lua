#!lua flags=allow-oom
-- Reversal of a charge: the credits return to the balance, and the key has not spent them. Once per idempotency key.
-- KEYS    1 meta  2 account  3 key  4 outbox  5 idempotency key of the entry id  6 idempotency record of the call
-- ARGV    1 epoch  2 high-water mark of gen  3 account id  4 key id  5 price (credits, 1 to 10^12)
--         6 to 8 day, week, month in which it was charged  9 entry tail (JSON)  10 request id
-- ANSWERS 1 Credited  2 Duplicate  -1 Fenced  -2 NotLoaded
-- KEEPS   spent = the charges less their reversals, in each window of the reservation; the idempotency key stays until the
--         ledger has had the entry for an hour. No bound on the balance: these credits were in it.
--         The idempotency record of the call is gone with the charge: a repeat is a new call.
-- include guard.lua
-- include windows.lua
-- include state.lua
-- include record.lua
local ok, gen, now, m = guard(KEYS[1], ARGV[1], ARGV[2])
if not ok then return {-1, gen} end
local a, k = account_of(read(KEYS[2]), tonumber(ARGV[1])), key_of(read(KEYS[3]), tonumber(ARGV[1]))
if not a or not k then return {-2, gen} end
if not string.find(ARGV[5], '^%d+$') or tonumber(ARGV[5]) < 1 then return redis.error_reply('the price is not a whole number above 0') end
-- Raises where the outbox can't take the entry, before anything is written.
redis.call('LLEN', KEYS[4])
local outcome = redis.pcall('GET', KEYS[5])
if type(outcome) == 'table' then return redis.error_reply('the idempotency key is malformed') end
if outcome then return {2, gen, now, a[A_BALANCE], a[A_HELD]} end

roll_windows(a, k, windows(now))
redis.call('SET', KEYS[5], ARGV[5])
free_record(KEYS[6], ARGV[10])
a[A_BALANCE] = a[A_BALANCE] + tonumber(ARGV[5])
move(a, k, tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), SPENT, -tonumber(ARGV[5]))
write_account(KEYS[2], a)
write_key(KEYS[3], k)
local entries = redis.call('RPUSH', KEYS[4], string.format('%.0f|%s|%s|%s|%s|%.0f|%s|%s|%s|',
  now, ARGV[1], ARGV[3], ARGV[4], ARGV[5], a[A_BALANCE], ARGV[6], ARGV[7], ARGV[8]) .. ARGV[9])
return {1, written(KEYS[1], m, entries), now, a[A_BALANCE], a[A_HELD]}
