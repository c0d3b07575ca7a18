// One provider object as the oracle reads it: every field must be read or be exempt by name, so that none is
// forgotten.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "domain/json/value.hpp"

namespace tributary::e2e {

/// What became of the providers' fields.
struct Tally {
    /// Fields that a rule put into a document, by kind of object.
    std::map<std::string, std::size_t> mapped;
    /// Fields that stand in no document, by "<kind>: <path>, because <reason>".
    std::map<std::string, std::size_t> exempt;
    /// Fields that no rule knows, by "<kind>: <path>".
    std::map<std::string, std::size_t> forgotten;
};

class Source {
  public:
    /// `kind` names the object in the tally, e.g. "tdx user". The object and the tally must outlive this.
    Source(std::string kind, const json::Object& object, Tally& tally);
    /// Settles the tally.
    ~Source();
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    /// The value at a path, all of it now read; nullptr where the provider did not send it.
    const json::Value* take(std::string_view path);
    /// A field that stands in no document; it must be listed with its reason.
    void exempt(std::string_view path);

  private:
    void settle(const std::string& path, const json::Object& object);

    std::string kind_;
    const json::Object& object_;
    Tally& tally_;
    std::set<std::string, std::less<>> taken_;
    std::set<std::string, std::less<>> exempt_;
};

}  // namespace tributary::e2e
