#include "services/sync/progress.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"

namespace tributary::sync {

namespace {

std::optional<std::string> text_in(const json::Value& tree, std::string_view key) {
    const json::Value* value = tree.find(key);
    const std::string* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::nullopt : std::optional(*text);
}

std::optional<std::uint64_t> number_in(const json::Value& tree, std::string_view key) {
    const json::Value* value = tree.find(key);
    const json::Number* number = value == nullptr ? nullptr : value->if_number();
    std::uint64_t found = 0;
    if (number == nullptr) {
        return std::nullopt;
    }
    const char* end = number->lexeme.data() + number->lexeme.size();
    const auto [stop, error] = std::from_chars(number->lexeme.data(), end, found);
    return error == std::errc{} && stop == end ? std::optional(found) : std::nullopt;
}

std::vector<StreamReport> reports_in(const std::string& text) {
    std::vector<StreamReport> reports;
    const auto parsed = json::parse(text);
    const json::Value* streams = parsed ? parsed->root.find("streams") : nullptr;
    if (streams != nullptr && streams->if_array() != nullptr) {
        std::ranges::transform(*streams->if_array(), std::back_inserter(reports), StreamReport::from_json);
    }
    return reports;
}

}  // namespace

const StreamReport* Progress::of_finished(const std::string& stream) const {
    const auto found = std::ranges::find(finished, stream, &StreamReport::stream);
    return found == finished.end() ? nullptr : &*found;
}

std::optional<Interrupted> Progress::of_interrupted(const std::string& stream) const {
    return interrupted && interrupted->report.stream == stream ? interrupted : std::nullopt;
}

std::string report_text(json::Array streams) {
    return json::write(json::Object{{"streams", std::move(streams)}});
}

std::string resume_text(const StreamReport& report, const domain::ResumePoint& point) {
    json::Object resume{{"stream", report.stream}};
    if (point.cursor) {
        resume.push_back({"cursor", *point.cursor});
    }
    if (point.offset > 0) {
        resume.push_back({"offset", point.offset});
    }
    if (point.last_key) {
        resume.push_back({"last_key", *point.last_key});
    }
    if (point.total) {
        resume.push_back({"total", *point.total});
    }
    return json::write(resume);
}

Progress read_progress(const std::string& report, const std::string& resume) {
    Progress progress;
    progress.finished = reports_in(report);
    const auto parsed = json::parse(resume);
    const auto stream = parsed ? text_in(parsed->root, "stream") : std::nullopt;
    if (!stream) {
        return progress;
    }
    const auto under_way = std::ranges::find(progress.finished, *stream, &StreamReport::stream);
    if (under_way != progress.finished.end()) {
        progress.interrupted =
            Interrupted{std::move(*under_way),
                        {text_in(parsed->root, "cursor"), number_in(parsed->root, "offset").value_or(0),
                         text_in(parsed->root, "last_key"), number_in(parsed->root, "total")}};
        progress.finished.erase(under_way);
    }
    return progress;
}

}  // namespace tributary::sync
