-- Writes another text each time: path, token.
local path, token
local number = 0
function init(arguments)
  path, token = arguments[1], arguments[2]
end
function request()
  number = number + 1
  return wrk.format("PUT", path, {
    ["Authorization"] = "Bearer " .. token,
    ["Content-Type"] = "application/json",
    ["If-Match"] = "*",
  }, '{"text":"Edited ' .. os.time() .. "-" .. number .. ' times."}')
end
