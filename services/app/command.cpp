#include "services/app/command.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <iostream>

#include "domain/json/write.hpp"
#include "domain/try.hpp"

namespace tributary::app {

using domain::Result;

ExitCode report(const domain::Error& error) {
    std::cerr << "tributary: " << error.detail;
    if (!error.pointer.empty()) {
        std::cerr << " (" << error.pointer << ")";
    }
    std::cerr << '\n';
    return exit_code_of(error.code);
}

namespace {

/// A cell of a table: text as it is, anything else as JSON.
std::string cell(const json::Value& value) {
    if (value.is_null()) {
        return "-";
    }
    return value.if_string() != nullptr ? *value.if_string() : json::write(value);
}

}  // namespace

void print_object(const CommandLine& line, const json::Object& object) {
    if (line.json) {
        std::cout << json::write(object) << '\n';
        return;
    }
    std::size_t width = 0;
    for (const json::Entry& entry : object) {
        width = std::max(width, entry.key.size());
    }
    for (const json::Entry& entry : object) {
        std::cout << entry.key << std::string(width - entry.key.size() + 2, ' ') << cell(entry.value) << '\n';
    }
}

void print_list(const CommandLine& line, const std::vector<json::Object>& rows) {
    if (line.json) {
        json::Array array;
        for (const json::Object& row : rows) {
            array.emplace_back(row);
        }
        std::cout << json::write(array) << '\n';
        return;
    }
    if (rows.empty()) {
        std::cerr << "(none)\n";
        return;
    }
    std::vector<std::size_t> widths;
    for (const json::Entry& column : rows.front()) {
        std::size_t width = column.key.size();
        for (const json::Object& row : rows) {
            const json::Value* value = json::find(row, column.key);
            width = std::max(width, value == nullptr ? 1 : cell(*value).size());
        }
        widths.push_back(width);
    }
    const auto print_cells = [&](auto text_of) {
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const std::string text = text_of(rows.front()[i].key);
            const bool last = i + 1 == widths.size();
            std::cout << text
                      << (last ? "" : std::string(widths[i] - std::min(widths[i], text.size()) + 2, ' '));
        }
        std::cout << '\n';
    };
    print_cells([](const std::string& key) { return key; });
    for (const json::Object& row : rows) {
        print_cells([&row](const std::string& key) {
            const json::Value* value = json::find(row, key);
            return value == nullptr ? std::string("-") : cell(*value);
        });
    }
}

Result<std::unique_ptr<Workbench>> Workbench::open(const CommandLine& line) {
    auto bench = std::make_unique<Workbench>();
    auto log =
        std::make_shared<spdlog::logger>("tributary", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    log->set_level(spdlog::level::warn);
    TRIBUTARY_TRY_LET(foundation, Foundation::build(bench->io, line.settings, std::move(log)));
    bench->foundation = std::move(foundation);
    return bench;
}

Result<domain::ports::Tenant> Workbench::tenant(const std::string& name) {
    if (!name.empty()) {
        return run(foundation->admin().tenant_named(name));
    }
    TRIBUTARY_TRY_LET(tenants, run(foundation->admin().tenants()));
    if (tenants.size() != 1) {
        return domain::fail(domain::Errc::invalid_input,
                            tenants.empty()
                                ? "There is no tenant yet; make one with `tributary tenant create NAME`."
                                : "There are several tenants; say which one with --tenant NAME.");
    }
    return tenants.front();
}

}  // namespace tributary::app
