#include "mirror_process.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "domain/json/write.hpp"
#include "tests/e2e/system/tree.hpp"

namespace tributary::e2e {

void add(Documents& documents, std::string_view kind, const json::Value& document) {
    json::Object members = *document.if_object();
    std::erase_if(members, [](const json::Entry& member) { return member.key == "freshness"; });
    documents[std::string(kind) + "/" + text(document, "id")] = json::write(members);
}

std::string StoredCopy::commit() const {
    return position.substr(0, position.find_first_of("-."));
}

MirrorProcess::MirrorProcess(std::uint16_t port, const std::string& key, int page_size)
    : command_{.words = {TRIBUTARY_NODE, TRIBUTARY_MIRROR, file()},
               .environment = {{"TRIBUTARY_URL", "http://127.0.0.1:" + std::to_string(port)},
                               {"TRIBUTARY_API_KEY", key},
                               {"MIRROR_PAGE_SIZE", std::to_string(page_size)}},
               .out_file = folder_->path() + "/log",
               .error_file = folder_->path() + "/log"} {}

void MirrorProcess::start() {
    process_ = std::make_unique<tests::ChildProcess>(command_);
}

void MirrorProcess::kill() {
    process_->kill();
    process_.reset();
}

std::optional<StoredCopy> MirrorProcess::stored() const {
    if (!std::filesystem::exists(file())) return std::nullopt;
    const json::Value tree = tree_of(tests::text_of_file(file()));
    StoredCopy copy{text(tree, "position"), {}};
    for (const json::Entry& kind : object(tree, "documents")) {
        for (const json::Entry& document : *kind.value.if_object())
            add(copy.documents, kind.key, document.value);
    }
    return copy;
}

bool MirrorProcess::stands_at(const std::string& position) const {
    return tests::text_of_file(file()).find("\"position\":\"" + position + "\"") != std::string::npos;
}

void MirrorProcess::spoil(const std::string& position) {
    json::Value tree = tree_of(tests::text_of_file(file()));
    json::set(*tree.if_object(), "position", position);
    json::Object documents = object(tree, "documents");
    json::Object accounts = object(tree, "documents.account");
    accounts.pop_back();
    json::set(documents, "account", std::move(accounts));
    json::set(*tree.if_object(), "documents", std::move(documents));
    std::ofstream(file()) << json::write(tree);
}

bool MirrorProcess::stopped_within_commit() const {
    std::istringstream log(tests::text_of_file(command_.out_file));
    for (std::string line; std::getline(log, line);) {
        if (line.starts_with("followed to ") && line.find('-') != std::string::npos) return true;
    }
    return false;
}

int MirrorProcess::says(std::string_view words) const {
    const std::string log = tests::text_of_file(command_.out_file);
    int times = 0;
    for (std::size_t at = log.find(words); at != std::string::npos; at = log.find(words, at + 1))
        ++times;
    return times;
}

}  // namespace tributary::e2e
