// Every provider fault that the engine is tried with: its number in the list of faults, a name, what tries
// it.
#pragma once

#include <span>
#include <string_view>

#include "tests/faults/trial.hpp"

namespace tributary::faults {

void server_errors(Trial& trial);       // P01
void throttled(Trial& trial);           // P02
void tokens(Trial& trial);              // P03
void object_gone(Trial& trial);         // P04
void redirects(Trial& trial);           // P05
void drips(Trial& trial);               // P06
void silence_and_resets(Trial& trial);  // P07
void cut_json(Trial& trial);            // P08
void broken_framing(Trial& trial);      // P09
void interim_answers(Trial& trial);     // P10
void wrong_content(Trial& trial);       // P11
void duplicate_pages(Trial& trial);     // P12
void shifting_pages(Trial& trial);      // P13
void cursor_loops(Trial& trial);        // P14
void lying_totals(Trial& trial);        // P15
void drifting_schema(Trial& trial);     // P16
void huge_pages(Trial& trial);          // P17, what the client lets through
void huge_bodies(Trial& trial);         // P17, what it does not
void hostile_json(Trial& trial);        // P18
void hostile_text(Trial& trial);        // P19
void compressed(Trial& trial);          // P22
void provider_clock(Trial& trial);      // P23
void own_clock(Trial& trial);           // P24
void all_down(Trial& trial);            // P27
void one_slow(Trial& trial);            // P28
void dying_connections(Trial& trial);   // P30

struct ProviderFault {
    std::string_view id;
    std::string_view name;
    void (*attempt)(Trial& trial);
    /// Providers whose interface does not have what the fault bends.
    std::string_view not_for = "";
};

std::span<const ProviderFault> all_faults();

}  // namespace tributary::faults
