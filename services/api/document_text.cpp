#include "services/api/document_text.hpp"

#include <algorithm>
#include <set>

#include "domain/document.hpp"
#include "domain/json/write.hpp"
#include "services/api/freshness.hpp"
#include "services/view/masked.hpp"

namespace tributary::api {

using domain::Timestamp;
using domain::ports::Commit;
using domain::ports::Freshness;
using domain::ports::HttpReply;
using domain::ports::OverviewRead;
using domain::ports::StoredDocument;
using domain::ports::StreamRef;

namespace {

void add_time(HttpReply& reply, const std::optional<Timestamp>& verified) {
    if (verified) {
        reply.fields.add("Tributary-Verified-At", domain::to_text(*verified));
    }
}

std::string body_of(const StoredDocument& document, Variant variant) {
    return variant == Variant::full ? document.body : view::masked(document.kind, document.body);
}

void add_stale(std::string& text, const std::optional<bool>& stale) {
    if (stale) {
        text = domain::with_member(std::move(text), "stale", *stale ? "true" : "false");
    }
}

std::string with_freshness(std::string text, std::span<const StreamRef> sources, const Presentation& how) {
    if (how.past) sources = {};
    return domain::with_member(std::move(text), "freshness", freshness_text(sources, how.freshness));
}

/// What is told of the sources of many documents: most have the same ones.
class FreshnessTexts {
  public:
    explicit FreshnessTexts(const Presentation& how) : how_(how) {}

    /// Good until the next call.
    const std::string& of(std::span<const StreamRef> sources) {
        if (how_.past) sources = {};
        const auto same = [sources](const auto& one) { return std::ranges::equal(one.first, sources); };
        const auto found = std::ranges::find_if(texts_, same);
        if (found != texts_.end()) return found->second;
        if (texts_.size() == most) texts_.clear();
        return texts_.emplace_back(sources, freshness_text(sources, how_.freshness)).second;
    }

  private:
    /// To look through, which is to cost less than to write one.
    static constexpr std::size_t most = 16;

    const Presentation& how_;
    std::vector<std::pair<std::span<const StreamRef>, std::string>> texts_;
};

/// Appends them as an array.
void add_shown(std::string& text, std::span<const StoredDocument> documents, const Presentation& how) {
    // Of a document's name and commas; and of what comes behind all of them.
    constexpr std::size_t names = 16;
    constexpr std::size_t besides = 4'096;
    FreshnessTexts texts(how);
    std::size_t size = text.size() + besides;
    for (const StoredDocument& document : documents) {
        size += document.body.size() + texts.of(document.sources).size() + names;
    }
    text.reserve(size);
    text += '[';
    for (const StoredDocument& document : documents) {
        const std::string masked =
            how.variant == Variant::full ? std::string() : body_of(document, how.variant);
        const std::string_view body = how.variant == Variant::full ? document.body : masked;
        if (text.back() == '}') text += ',';
        text.append(body.substr(0, body.size() - 1)).append(body.size() > 2 ? "," : "");
        text.append(R"("freshness":)").append(texts.of(document.sources)).append("}");
    }
    text += ']';
}

/// Each source once, in order. Most documents have those of the one before.
class SourceSet {
  public:
    void add(std::span<const StoredDocument> documents) {
        std::span<const StreamRef> last;
        for (const StoredDocument& document : documents) {
            if (std::ranges::equal(document.sources, last)) continue;
            last = document.sources;
            sources_.insert(last.begin(), last.end());
        }
    }

    [[nodiscard]] std::vector<StreamRef> all() const { return {sources_.begin(), sources_.end()}; }

  private:
    std::set<StreamRef> sources_;
};

}  // namespace

// One text, made once: this is what nearly every answer is.
std::string object_text(const StoredDocument& document, const Presentation& how) {
    const std::string masked =
        how.variant == Variant::full ? std::string() : view::masked(document.kind, document.body);
    const std::string_view body = how.variant == Variant::full ? document.body : masked;
    const json::Array missing =
        how.past ? json::Array() : missing_sources_of(document.sources, how.freshness);
    const std::string partial = partial_text(missing);
    const std::string freshness =
        freshness_text(how.past ? std::span<const StreamRef>() : document.sources, how.freshness);
    constexpr std::size_t names = 48;
    std::string text;
    text.reserve(body.size() + partial.size() + freshness.size() + names);
    text += body.substr(0, body.size() - 1);
    const auto add = [&](std::string_view key, std::string_view value) {
        text += text.size() > 1 ? ",\"" : "\"";
        text.append(key).append("\":").append(value);
    };
    if (how.stale) add("stale", *how.stale ? "true" : "false");
    add("partial", partial);
    add("freshness", freshness);
    text += '}';
    return text;
}

std::string shown(const StoredDocument& document, const Presentation& how) {
    return with_freshness(body_of(document, how.variant), document.sources, how);
}

std::string shown(std::span<const StoredDocument> documents, const Presentation& how) {
    std::string text;
    add_shown(text, documents, how);
    return text;
}

std::string overview_text(const OverviewRead& read, const Presentation& how, const json::Array& missing) {
    std::string text = R"({"customer":)";
    text += shown(*read.customer.document, how);
    add_shown(text += R"(,"accounts":)", read.accounts, how);
    add_shown(text += R"(,"sub_accounts":)", read.sub_accounts, how);
    add_shown(text += R"(,"account_groups":)", read.account_groups, how);
    text += '}';
    text = domain::with_member(std::move(text), "partial", partial_text(missing));
    add_stale(text, how.stale);
    return with_freshness(std::move(text), sources_of(read), how);
}

std::string batch_text(std::span<const StoredDocument> documents, const Commit& moment,
                       const Presentation& how) {
    std::string text = R"({"items":)";
    add_shown(text, documents, how);
    text.append(R"(,"as_of":")").append(domain::to_text(moment.at)).append(R"(","partial":)");
    text.append(partial_text(missing_sources(how.freshness))) += '}';
    return with_freshness(std::move(text), sources_of(documents), how);
}

std::vector<StreamRef> sources_of(std::span<const StoredDocument> documents) {
    SourceSet sources;
    sources.add(documents);
    return sources.all();
}

std::vector<StreamRef> sources_of(const OverviewRead& read) {
    SourceSet sources;
    sources.add(std::span(&*read.customer.document, 1));
    for (const auto* documents : {&read.accounts, &read.sub_accounts, &read.account_groups}) {
        sources.add(*documents);
    }
    return sources.all();
}

void add_verified_at(HttpReply& reply, std::span<const StreamRef> sources, std::span<const Freshness> all) {
    add_time(reply, verified_of(sources, all));
}

void add_verified_at(HttpReply& reply, std::span<const Freshness> all) {
    std::optional<Timestamp> oldest;
    for (const Freshness& source : all) {
        if (source.verified_complete_at) {
            oldest = std::min(oldest.value_or(*source.verified_complete_at), *source.verified_complete_at);
        } else if (source.verdict != "denied") {
            return;
        }
    }
    add_time(reply, oldest);
}

}  // namespace tributary::api
