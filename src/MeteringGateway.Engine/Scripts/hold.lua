-- Reads a hold: account, key, amount, day, week, month, deadline, each as text; nil where it can't be read.
-- A hold may begin with the number of its format, v1, and reads the same with and without. It is written without: a gateway from before
-- there were numbers refuses a hold that has it, and may run beside this one. From the next release on a hold is written with it.
local function hold(packed)
  return string.match(packed, '^(%d+)|(%d+)|(%d+)|(%d+)|(%d+)|(%d+)|(%d+)$', string.sub(packed, 1, 3) == 'v1|' and 4 or 1)
end
-- Does a hold say that it is of a format which only another version of the gateway knows? Whose credits it holds can't be known then.
local function of_another_format(packed)
  return string.find(packed, '^v%d+|') and string.sub(packed, 1, 3) ~= 'v1|'
end
