-- For wrk: sends the same request with one token after the other, and prints the results as JSON.
-- Arguments: file of tokens, number of the first, text of the request before the token, text behind it.

local tokens, width, count, number, before, behind

function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  tokens = file:read("*a")
  file:close()
  width = tokens:find("\n", 1, true)
  count = #tokens / width
  number = tonumber(arguments[2])
  before, behind = arguments[3], arguments[4]
end

function request()
  local from = number % count * width
  number = number + 1
  return before .. tokens:sub(from + 1, from + width - 1) .. behind
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests":%d,"seconds":%.6f,"refused":%d,"failed":%d,"p50":%.3f,"p99":%.3f}',
    summary.requests, summary.duration / 1e6, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3
  ))
end
