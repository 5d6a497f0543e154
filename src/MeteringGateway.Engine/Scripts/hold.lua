-- Reads a hold: account, key, amount, day, week, month, deadline, each as text; nil where it can't be read.
-- A hold begins with the number of its format, v1. A hold without one was written before there were numbers, and reads the same.
local function hold(packed)
  return string.match(packed, '^(%d+)|(%d+)|(%d+)|(%d+)|(%d+)|(%d+)|(%d+)$', string.sub(packed, 1, 3) == 'v1|' and 4 or 1)
end
