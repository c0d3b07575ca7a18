-- What wrk found, as one line of JSON. Times in microseconds.
function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        '\nwrk {"requests":%d,"duration_us":%d,"bytes":%d,"p50_us":%d,"p99_us":%d,"refused":%d,"broken":%d}\n',
        summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99),
        errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
