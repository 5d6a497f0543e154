-- For a script of several partitions: each has its answer, and one in which something raises has failed alone. Nothing is written before
-- each has its answer.
local function failed(why)
  return {-3, 0, type(why) == 'table' and why.err or tostring(why)}
end
local function each(partitions, serve)
  local answers = {}
  for i = 1, partitions do
    local done, answer = pcall(serve, i)
    answers[i] = done and answer or failed(answer)
  end
  return answers
end
