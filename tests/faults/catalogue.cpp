#include "tests/faults/catalogue.hpp"

#include <array>

namespace tributary::faults {

std::span<const ProviderFault> all_faults() {
    // The numbers that are left out are no faults of HTTP answers: P20 and P21 are about values and live with
    // the decoders, P25 and P26 about what is shown, P29 about TLS (tests/unit/http_client), P31 about names.
    // P32 (a webhook during a poll) needs a real store: tests/integration/webhooks/race_test.cpp.
    static constexpr auto faults = std::to_array<ProviderFault>({
        {"P01", "5xx once, always, half the time", &server_errors},
        {"P02", "429 with every kind of Retry-After", &throttled},
        {"P03", "tokens that end or are refused", &tokens},
        {"P04", "404 and 410 for one object", &object_gone},
        {"P05", "redirects", &redirects},
        {"P06", "header and body that drip", &drips},
        {"P07", "no answer, resets after every byte", &silence_and_resets},
        {"P08", "JSON cut at every byte", &cut_json},
        {"P09", "broken framing, leftovers", &broken_framing},
        {"P10", "interim answers", &interim_answers},
        {"P11", "HTML, nothing, 204", &wrong_content},
        {"P12", "the same page twice", &duplicate_pages},
        {"P13", "lists that move while they are read", &shifting_pages},
        {"P14", "cursors without end", &cursor_loops, "tastytrade upvest"},
        {"P15", "totals that lie", &lying_totals, "tastytrade tdx"},
        {"P16", "schemas that drift", &drifting_schema},
        {"P17", "8 MiB and a byte", &huge_bodies},
        {"P17", "a million items, 200,000 keys", &huge_pages},
        {"P18", "hostile JSON", &hostile_json},
        {"P19", "hostile text", &hostile_text},
        {"P22", "gzip that nobody asked for", &compressed},
        {"P23", "the provider's clock is wrong", &provider_clock},
        {"P24", "our clock is wrong", &own_clock},
        {"P27", "down for an hour, then back", &all_down},
        {"P28", "one provider a hundred times slower", &one_slow},
        {"P30", "kept connections that die", &dying_connections},
    });
    return faults;
}

}  // namespace tributary::faults
