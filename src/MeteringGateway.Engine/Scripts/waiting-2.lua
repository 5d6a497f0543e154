#!lua flags=no-writes
-- Tells whose entries wait in the outboxes of partitions: the ledger is to be asked about these accounts after a flush only. A caller that
-- has looked before is told of what was appended since: an outbox grows at its end alone, and is trimmed at its head.
-- KEYS    1 meta  2 and on: with more partitions all heads come first; then all outboxes
-- ARGV    1 number of partitions  2 and on: for each partition the epoch, the high-water mark of gen, and the newest entry of the caller's
--         last look or ''
-- ANSWERS 1 Whole  2 Newer  3 Unread  -1 Fenced  -3 Failed
--         One for each partition. Whole and Newer, with the newest entry now and the accounts that have one: of all that wait, or of
--         what was appended since the last look. Unread: an entry can't be read, or so many wait that a flush takes less than to look
--         at them. Failed, with the reason: the outbox is none.
-- KEEPS   everything as it is.
-- include guard.lua
-- include partitions.lua
local partitions = tonumber(ARGV[1])
return each(partitions, function(i)
  local at = 3 * i - 1
  local ok, gen = guard(KEYS[i], ARGV[at], ARGV[at + 1])
  if not ok then return {-1, gen} end
  local outbox, newest = KEYS[partitions + i], ARGV[at + 2]
  local length = redis.call('LLEN', outbox)
  if length == 0 then return {1, gen, {''}} end
  -- Two entries have never one text, for each names its own id and what the balance was after it.
  local since = newest ~= '' and redis.call('LPOS', outbox, newest, 'RANK', -1)
  local first = since and since + 1 or 0
  if length - first > 2000 then return {3, gen, {}} end
  local entries = redis.call('LRANGE', outbox, first, -1)
  local told, seen = {entries[#entries] or newest}, {}
  for _, entry in ipairs(entries) do
    local account = string.match(entry, '^%d+|%d+|(%d+)|')
    if not account then return {3, gen, {}} end
    if not seen[account] then
      seen[account] = true
      told[#told + 1] = account
    end
  end
  if since then return {2, gen, told} end
  return {1, gen, told}
end)
