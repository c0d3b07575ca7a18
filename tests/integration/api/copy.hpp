// A reader's own copy of what the feed told.
#pragma once

#include <algorithm>
#include <map>
#include <string>

#include "domain/json/write.hpp"
#include "services/api/change_text.hpp"

namespace tributary::tests {

/// Documents by id, kept by changes alone: their content, without what the server adds.
class Copy {
  public:
    void apply(const domain::ports::StoredChange& change) {
        const json::Object told = api::change_object(change, api::Variant::full);
        const json::Value tree(told);
        json::Object& document = documents_[to_text(change.document)];
        for (const json::Value& field : *tree.find("fields")->if_array()) {
            const std::string member = field.find("path")->if_string()->substr(1);
            std::erase_if(document, [&member](const json::Entry& entry) { return entry.key == member; });
            if (const json::Value* after = field.find("after")) {
                document.push_back({member, *after});
            }
        }
        if (change.operation == "removed") {
            documents_.erase(to_text(change.document));
        }
    }

    /// One text for the same members, whatever their order.
    [[nodiscard]] std::map<std::string, std::string> shown() const {
        std::map<std::string, std::string> all;
        for (const auto& [id, document] : documents_) {
            all[id] = sorted(document);
        }
        return all;
    }

    static std::string sorted(json::Object document) {
        std::ranges::sort(document, {}, &json::Entry::key);
        return json::write(document);
    }

  private:
    std::map<std::string, json::Object> documents_;
};

}  // namespace tributary::tests
