-- Asks for random codes of random services: path, services, codes.
local path, services, codes
function init(arguments)
  path, services, codes = arguments[1], tonumber(arguments[2]), tonumber(arguments[3])
  math.randomseed(os.time() + services)
end
function request()
  local number = math.random(0, codes - 1)
  local code = 4000001 + 10 * math.floor(number / 4) + number % 4
  local service = math.random(0, services - 1)
  -- The ids of services begin at 1. The parentheses leave out how often gsub found something.
  local asked = path:gsub("SERVICE", service):gsub("NUMBER", service + 1)
  return wrk.format("GET", (asked:gsub("CODE", code)))
end
