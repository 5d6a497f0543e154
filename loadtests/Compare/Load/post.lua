-- The load of wrk: one small POST with a key, which is picked by the order that was asked for.
-- wrk … URL -- KEY-FILE FIRST COUNT ORDER PATH BODY; a key a line, counted from 0; ORDER: random, or each for one after the other.
local keys, order, head, tail, count, n = {}, "", "", "", 0, 0

function init(args)
  local first, path, body = tonumber(args[2]), args[5], args[6]
  count, order = tonumber(args[3]), args[4]
  local at = 0
  for line in io.lines(args[1]) do
    if at >= first then keys[#keys + 1] = line end
    at = at + 1
    if #keys == count then break end
  end
  head = "POST " .. path .. " HTTP/1.1\r\nHost: " .. wrk.host .. "\r\nContent-Type: application/json\r\nAuthorization: Bearer "
  tail = "\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
  math.randomseed(os.time())
end

function request()
  if order == "each" then n = n % count + 1 else n = math.random(count) end
  return head .. keys[n] .. tail
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %.0f %.0f %.0f %.0f %.0f %.0f %.0f\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), latency.max, e.status, e.connect + e.read + e.write + e.timeout))
end
