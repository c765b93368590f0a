-- The generic cell rate algorithm (ITU-T I.371, virtual scheduling) for several keys at once.
--
-- Of each key we keep one number: the theoretical arrival time (TAT), in
-- microseconds of the server's clock. A call is let through when no key's TAT
-- runs further ahead of now than its window. All keys take the call or none
-- does, so that a refusal never uses up another limit.
--
-- KEYS[i]          one per limit
-- ARGV[1]          cost of this call
-- ARGV[2i], [2i+1] quota and window (seconds) of KEYS[i]
-- Returns          allowed (0/1), then for each key: remaining, reset (us), wait (us)

local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local cost = tonumber(ARGV[1])
local allowed = 1
local tats, intervals, windows = {}, {}, {}

for i, key in ipairs(KEYS) do
  local quota = tonumber(ARGV[2 * i])
  windows[i] = tonumber(ARGV[2 * i + 1]) * 1000000
  intervals[i] = windows[i] / quota
  tats[i] = math.max(tonumber(redis.call('GET', key) or 0), now)
  -- Half a microsecond of room, because window / quota seldom comes out even.
  if tats[i] + cost * intervals[i] - now > windows[i] + 0.5 then
    allowed = 0
  end
end

local answer = { allowed }
for i, key in ipairs(KEYS) do
  local wait = 0
  if allowed == 1 then
    tats[i] = tats[i] + cost * intervals[i]
    redis.call('SET', key, string.format('%.3f', tats[i]), 'PX', math.ceil((tats[i] - now) / 1000) + 1)
  else
    wait = math.max(0, tats[i] + cost * intervals[i] - now - windows[i])
  end
  local ahead = tats[i] - now
  answer[#answer + 1] = math.floor((windows[i] - ahead) / intervals[i] + 0.000001)
  answer[#answer + 1] = math.ceil(ahead)
  answer[#answer + 1] = math.ceil(wait)
end
return answer
