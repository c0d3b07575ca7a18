-- A hundred of the ids of BENCH_IDS at a time, by POST to BENCH_PATH. BENCH_KEY.
local folder = debug.getinfo(1, "S").source:match("^@(.*/)")
dofile(folder .. "report.lua")
local count, at_once, different = 0, 100, 500

function setup(thread)
    count = count + 1
    thread:set("seed", count)
end

function init()
    wrk.headers["Authorization"] = "Bearer " .. os.getenv("BENCH_KEY")
    wrk.headers["Content-Type"] = "application/json"
    math.randomseed(seed)
    local ids = {}
    for id in io.lines(os.getenv("BENCH_IDS")) do ids[#ids + 1] = id end
    -- Made beforehand: making them would cost more than sending them.
    requests = {}
    for number = 1, different do
        local wanted, seen = {}, {}
        while #wanted < at_once do
            local id = ids[math.random(#ids)]
            if not seen[id] then
                seen[id] = true
                wanted[#wanted + 1] = '"' .. id .. '"'
            end
        end
        requests[number] = wrk.format("POST", os.getenv("BENCH_PATH"), nil, '{"ids":[' .. table.concat(wanted, ",") .. "]}")
    end
end

function request()
    return requests[math.random(different)]
end
