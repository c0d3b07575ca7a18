// What a replay found and did, stream by stream: fields and counts, never a value. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/json/value.hpp"
#include "domain/uuid.hpp"
#include "services/replay/field_changes.hpp"

namespace tributary::replay {

/// In how many versions a field came, went or changed.
struct FieldCounts {
    std::uint64_t added = 0;
    std::uint64_t removed = 0;
    std::uint64_t changed = 0;
};

class StreamReplay {
  public:
    explicit StreamReplay(std::string stream) : stream_(std::move(stream)) {}

    /// A version that decodes; no changes where it decodes as before.
    void add(const domain::Uuid& entity, const std::vector<FieldChange>& changes);
    /// A version that today's decoder does not take; it stays as it is. `reason` holds nothing personal.
    void add_refused(const std::string& reason);
    /// A version of which nobody knows what it was made into.
    void add_uncompared();
    void add_rewritten(std::uint64_t objects);

    [[nodiscard]] const std::string& stream() const { return stream_; }

    [[nodiscard]] std::uint64_t versions() const { return versions_; }

    [[nodiscard]] std::uint64_t differing() const { return differing_; }

    [[nodiscard]] std::uint64_t rewritten() const { return rewritten_; }

    [[nodiscard]] std::uint64_t refused() const;

    [[nodiscard]] const std::map<std::string, FieldCounts>& fields() const { return fields_; }

    /// {"stream", "versions", "differing", "rewritten", "uncompared", "refused": [{"reason", "count"}],
    /// "fields": [{"field", "added", "removed", "changed"}], "examples": [entity ids]}.
    [[nodiscard]] json::Object to_json() const;

  private:
    std::string stream_;
    std::uint64_t versions_ = 0;
    std::uint64_t differing_ = 0;
    std::uint64_t rewritten_ = 0;
    std::uint64_t uncompared_ = 0;
    std::map<std::string, std::uint64_t> refused_;
    std::map<std::string, FieldCounts> fields_;
    std::vector<domain::Uuid> examples_;
};

struct ReplayReport {
    /// The run that wrote; none where nothing was to be written.
    std::optional<domain::Uuid> run;
    std::vector<StreamReplay> streams;

    /// {"streams": [...]}, as a run's report.
    [[nodiscard]] json::Object to_json() const;
};

}  // namespace tributary::replay
