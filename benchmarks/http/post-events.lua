-- For wrk: single durable events, each with an id of its own, over many residents.
-- LEDGER_KEY names the key; LEDGER_RESIDENTS how many residents (default 10,000).
local key = os.getenv("LEDGER_KEY")
local residents = tonumber(os.getenv("LEDGER_RESIDENTS") or "10000")
local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init()
  count = 0
  run = os.time()
  now = os.date("!%Y-%m-%dT%H:%M:%SZ")
  math.randomseed(run * 100 + number)
  headers = { ["Authorization"] = "Bearer " .. key, ["Content-Type"] = "application/cloudevents+json" }
end

function request()
  count = count + 1
  local body = string.format(
    '{"specversion":"1.0","id":"%d-%d-%d","source":"/apps/load","type":"community.points.activity-completed.v1",' ..
    '"subject":"r%d","time":"%s","data":{"activity":"service","quantity":30}}',
    run, number, count, math.random(residents), now)
  return wrk.format("POST", "/v1/events", headers, body)
end

local refused = 0
function response(status)
  if status ~= 200 then refused = refused + 1 end
end

function done(summary, latency)
  io.write(string.format("p50 %.1f ms  p99 %.1f ms  p99.9 %.1f ms  not 2xx or 3xx: %d\n",
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency:percentile(99.9) / 1000, summary.errors.status))
end
