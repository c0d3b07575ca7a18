#include "tests/sandbox/world/rng.hpp"

namespace tributary::sandbox {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

}  // namespace

Rng::Rng(std::uint64_t seed, std::string_view label) : state_(seed ^ 0xcbf29ce484222325U) {
    for (const char c : label) {
        state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
    next();
}

std::uint64_t Rng::next() {
    // splitmix64
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
}

std::uint64_t Rng::below(std::uint64_t bound) {
    // The bias of the modulo is below 2^-40 for every bound used here.
    return next() % bound;
}

std::string Rng::bytes(std::size_t count) {
    std::string out;
    out.reserve(count);
    while (out.size() < count) {
        std::uint64_t word = next();
        for (int i = 0; i < 8 && out.size() < count; ++i, word >>= 8U) {
            out.push_back(static_cast<char>(word & 0xFFU));
        }
    }
    return out;
}

std::string Rng::hex(std::size_t count) {
    std::string out;
    out.reserve(count * 2);
    for (const char c : bytes(count)) {
        const auto byte = static_cast<unsigned char>(c);
        out.push_back(hex_digits[byte >> 4U]);
        out.push_back(hex_digits[byte & 0xFU]);
    }
    return out;
}

std::string Rng::digits(std::size_t count) {
    std::string out;
    while (out.size() < count) {
        out.push_back(static_cast<char>('0' + below(10)));
    }
    return out;
}

std::string Rng::uuid() {
    std::string text = hex(16);
    text[12] = '4';
    text[16] = "89ab"[below(4)];
    for (const std::size_t at : {8U, 13U, 18U, 23U}) {
        text.insert(at, 1, '-');
    }
    return text;
}

}  // namespace tributary::sandbox
