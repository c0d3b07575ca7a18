#include "adapters/http/server/identity.hpp"

#include <array>
#include <cstdint>

#include "domain/http/grammar.hpp"

namespace tributary::http {

std::string new_connection_id(RandomBlock& random) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::array<std::uint8_t, 8> bytes{};
    random.fill(bytes);
    std::string text;
    for (const std::uint8_t byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

// Of one width, so that a problem, which names its request, is as long as any other of its kind.
Identity::Identity(RandomBlock& random) : random_(random), request_id_(new_connection_id(random)) {
    request_id_ += '-';
    number_ = request_id_.size();
    request_id_ += "000000";
}

void Identity::begin_request() {
    span_.reset();
    tracestate_.clear();
    for (std::size_t at = request_id_.size(); at-- > number_;) {
        if (request_id_[at] != '9') {
            ++request_id_[at];
            return;
        }
        request_id_[at] = '0';
    }
    request_id_.insert(number_, 1, '1');
}

void Identity::begin_span(const Head& head) {
    TraceSeed seed;
    random_.fill(seed.span);
    random_.fill(seed.trace);
    span_ = write_span(head.traceparent, seed);
    if (!head.has_tracestate || !span_->goes_on) return;
    for (const auto& field : head.request.fields) {
        if (!same_name(field.name, "tracestate")) continue;
        if (!tracestate_.empty()) tracestate_ += ',';
        tracestate_ += field.value;
    }
    if (tracestate_.size() > longest_tracestate) tracestate_.clear();
}

TraceContext Identity::trace() const {
    if (!span_) return {};
    return {std::string(span_->trace_id()), std::string(span_->span_id()), span_->is_sampled(), tracestate_};
}

}  // namespace tributary::http
