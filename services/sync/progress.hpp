// How far a run got, as it is committed with each page: what the next owner goes on from should this one die.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/walk.hpp"
#include "services/sync/stream_report.hpp"

namespace tributary::sync {

/// A stream whose walk was cut short.
struct Interrupted {
    StreamReport report;
    domain::ResumePoint point;
};

struct Progress {
    /// Streams that were done; their verdicts stand.
    std::vector<StreamReport> finished;
    std::optional<Interrupted> interrupted;

    /// The report of a stream that was done, or nullptr.
    [[nodiscard]] const StreamReport* of_finished(const std::string& stream) const;
    /// Where the walk of this stream was cut short; nothing where it was not.
    [[nodiscard]] std::optional<Interrupted> of_interrupted(const std::string& stream) const;
};

/// The report of a run: {"streams": [...]}.
std::string report_text(json::Array streams);
/// `report` is of a stream that is not done yet.
std::string resume_text(const StreamReport& report, const domain::ResumePoint& point);
/// From the two texts; whatever cannot be read was not done.
Progress read_progress(const std::string& report, const std::string& resume);

}  // namespace tributary::sync
