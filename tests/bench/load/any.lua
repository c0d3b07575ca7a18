-- A request about any of the ids of BENCH_IDS, a line each: BENCH_PATH with the id in place of %s. BENCH_KEY.
local folder = debug.getinfo(1, "S").source:match("^@(.*/)")
dofile(folder .. "report.lua")
local count = 0

-- Every thread of wrk has a world of its own, and must not draw what the others draw.
function setup(thread)
    count = count + 1
    thread:set("seed", count)
end

function init()
    wrk.headers["Authorization"] = "Bearer " .. os.getenv("BENCH_KEY")
    math.randomseed(seed)
    ids = {}
    for id in io.lines(os.getenv("BENCH_IDS")) do ids[#ids + 1] = id end
    local whole = wrk.format("GET", os.getenv("BENCH_PATH"))
    local from, to = whole:find("%s", 1, true)
    head, tail = whole:sub(1, from - 1), whole:sub(to + 1)
end

function request()
    return head .. ids[math.random(#ids)] .. tail
end
