#include "services/view/explain.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "domain/compose.hpp"
#include "domain/json/codec.hpp"
#include "domain/json/parse.hpp"
#include "services/view/entity_text.hpp"
#include "services/view/json_paths.hpp"
#include "services/view/leaves.hpp"
#include "services/view/merge.hpp"

namespace tributary::view {

using domain::Profile;
using domain::Uuid;
using domain::ports::Contribution;
using domain::ports::ExplainedRecord;
using domain::ports::ExplainRead;

namespace {

/// What one record says of a leaf.
struct Said {
    const ExplainedRecord* record = nullptr;
    json::Value value;
};

/// Who says what of a leaf of one profile: the record that it has it from, then those that it has it not
/// from.
using SaidByPath = std::map<std::string, std::vector<Said>, std::less<>>;

/// Composes the profile again, one record after the other, and looks whose word each leaf is.
SaidByPath composed_of(const std::vector<ExplainedRecord>& records, const Uuid& profile) {
    std::vector<Contribution> contributions;
    std::vector<const ExplainedRecord*> own;
    for (const ExplainedRecord& record : records) {
        if (record.said.entity_id == profile) {
            contributions.push_back(record.said);
            own.push_back(&record);
        }
    }
    SaidByPath said;
    Profile whole;
    for (const Contribution* part : in_order_of_composition(contributions)) {
        const ExplainedRecord* record = own.at(static_cast<std::size_t>(part - contributions.data()));
        const Profile theirs = read_profile(part->normalized);
        const Leaves before = leaves_of(json::to_object(whole));
        domain::complete_with(whole, theirs);
        const Leaves after = leaves_of(json::to_object(whole));
        for (const auto& [path, value] : leaves_of(json::to_object(theirs))) {
            const json::Value* then = leaf(after, path);
            const json::Value* earlier = leaf(before, path);
            const bool taken = then != nullptr && (earlier == nullptr || !(*earlier == *then));
            auto& all = said[path];
            all.insert(taken ? all.begin() : all.end(), {record, value});
        }
    }
    return said;
}

std::string_view rule_within(const std::vector<Said>& said) {
    if (said.size() < 2) {
        return "only_value";
    }
    const Contribution& first = said[0].record->said;
    const Contribution& second = said[1].record->said;
    return first.founds_entity != second.founds_entity ? "founding_record"
           : first.fullness != second.fullness         ? "fullest_shape"
                                                       : "newest_record";
}

/// The adapter knows a pair of our value and the provider's by our name.
std::string asked_path(const std::string& path) {
    const std::size_t at = path.rfind('.') == std::string::npos ? 0 : path.rfind('.') + 1;
    constexpr std::string_view theirs = "provider_";
    const bool is_theirs = std::string_view(path).substr(at).starts_with(theirs);
    return is_theirs ? path.substr(0, at) + path.substr(at + theirs.size()) : path;
}

class Explaining {
  public:
    Explaining(const ExplainRead& read, const domain::Precedence& precedence, const FieldOrigins& origins)
        : read_(read), precedence_(precedence), origins_(origins) {
        for (const domain::ports::EntityState& profile : read.profiles) {
            members_.push_back({profile.anchor, read_profile(*profile.normalized), {}});
            said_.emplace(profile.anchor.id, composed_of(read.records, profile.anchor.id));
        }
    }

    Explanation run() {
        const Profile merged =
            merged_profile(members_, precedence_, [this](const MergeStep& step) { see(step); });
        for (const auto& [path, value] : leaves_of(json::to_object(merged))) {
            explain_field(path, value);
        }
        explain_update_time();
        for (const MemberProfile& member : members_) {
            explain_member(member.anchor);
        }
        compare_with_document();
        return std::move(made_);
    }

  private:
    struct Claims {
        /// In the order in which the members had their say.
        std::vector<std::pair<const MemberProfile*, json::Value>> all;
        const MemberProfile* winner = nullptr;
    };

    void see(const MergeStep& step) {
        const Leaves before = leaves_of(step.before);
        const Leaves after = leaves_of(step.after);
        for (auto& [path, value] : leaves_of(step.theirs)) {
            const json::Value* then = leaf(after, path);
            const json::Value* earlier = leaf(before, path);
            Claims& claims = claims_[path];
            if (then != nullptr && (earlier == nullptr || !(*earlier == *then))) {
                claims.winner = &step.member;
            }
            claims.all.emplace_back(&step.member, value);
        }
    }

    void explain_field(const std::string& path, const json::Value& value) {
        const auto found = claims_.find(path);
        if (found == claims_.end() || found->second.winner == nullptr) {
            return;
        }
        const Claims& claims = found->second;
        const auto& own = said_.at(claims.winner->anchor.id)[path];
        ExplainedField field{path, claim(*claims.winner, path, value), rule_of(claims, path), {}};
        for (std::size_t i = 1; i < own.size(); ++i) {
            field.losers.push_back({own[i].value, source(claims.winner->anchor, own[i].record, path)});
        }
        for (const auto& [member, theirs] : claims.all) {
            if (member != claims.winner) {
                field.losers.push_back(claim(*member, path, theirs));
            }
        }
        made_.fields.push_back(std::move(field));
    }

    [[nodiscard]] std::string_view rule_of(const Claims& claims, const std::string& path) {
        if (claims.all.size() == 1) {
            return rule_within(said_.at(claims.winner->anchor.id)[path]);
        }
        if (claims.all.front().first != claims.winner) {
            return "value_over_null";
        }
        const std::string field = path.substr(0, path.find('.'));
        const auto rank = [&](const MemberProfile& member) {
            return precedence_.rank(asked_path(field), member.anchor.provider);
        };
        const bool by_rank = std::ranges::any_of(
            claims.all, [&](const auto& other) { return rank(*other.first) > rank(*claims.winner); });
        return by_rank ? "precedence" : "newest_profile";
    }

    /// The one field that is not the word of the first who has one.
    void explain_update_time() {
        const MemberProfile* latest = nullptr;
        for (const MemberProfile& member : members_) {
            const auto& at = member.profile.source_updated_at;
            if (at.has_value() &&
                (latest == nullptr || latest->profile.source_updated_at.value() < at.value())) {
                latest = &member;
            }
        }
        if (latest == nullptr) {
            return;
        }
        const std::string path = "source_updated_at";
        const auto text = [](const MemberProfile& member) {
            return json::Value(domain::to_text(member.profile.source_updated_at.value()));
        };
        ExplainedField field{path, claim(*latest, path, text(*latest)), "latest", {}};
        for (const MemberProfile& member : members_) {
            if (&member != latest && member.profile.source_updated_at.has_value()) {
                field.losers.push_back(claim(member, path, text(member)));
            }
        }
        if (field.losers.empty()) {
            field.rule = "only_value";
        }
        made_.fields.push_back(std::move(field));
    }

    FieldClaim claim(const MemberProfile& member, const std::string& path, json::Value value) {
        const auto& said = said_.at(member.anchor.id)[path];
        return {std::move(value), source(member.anchor, said.empty() ? nullptr : said.front().record, path)};
    }

    FieldSource source(const domain::ports::EntityAnchor& anchor, const ExplainedRecord* record,
                       const std::string& path) const {
        FieldSource made;
        made.profile = anchor;
        if (record == nullptr) {
            return made;
        }
        made.stream = {record->said.connection_id, record->said.stream};
        made.record = record->said.provider_id;
        made.recorded_at = record->said.changed_at;
        made.cause = record->cause;
        made.run_id = record->run_id;
        made.source_updated_at = record->said.source_updated_at;
        const auto origin = origins_(anchor.provider, record->said.stream, asked_path(path));
        if (const auto parsed = json::parse(record->raw); origin && parsed) {
            made.json_paths = json_paths(parsed->root, *origin);
        }
        return made;
    }

    void explain_member(const domain::ports::EntityAnchor& anchor) {
        ExplainedMember member{anchor, {}};
        for (const domain::ports::Link& link : read_.links) {
            if (link.state == domain::ports::LinkState::linked &&
                (link.low == anchor.id || link.high == anchor.id)) {
                member.links.push_back(link);
            }
        }
        std::ranges::sort(member.links, {}, [](const auto& link) { return std::pair(link.low, link.high); });
        made_.members.push_back(std::move(member));
    }

    void compare_with_document() {
        const auto parsed = json::parse(read_.customer.document->body);
        const json::Object* body = parsed ? parsed->root.if_object() : nullptr;
        if (body == nullptr) {
            return;
        }
        json::Object merged_part;
        for (const json::Entry& entry : *body) {
            const std::string field = asked_path(entry.key);
            const auto fields = domain::merged_fields();
            if (std::ranges::find(fields, field) != fields.end() || field == "source_updated_at") {
                merged_part.push_back(entry);
            }
        }
        const Leaves stored = leaves_of(merged_part);
        made_.matches_document = stored.size() == made_.fields.size() &&
                                 std::ranges::all_of(made_.fields, [&stored](const ExplainedField& field) {
                                     const json::Value* value = leaf(stored, field.path);
                                     return value != nullptr && *value == field.winner.value;
                                 });
    }

    const ExplainRead& read_;
    const domain::Precedence& precedence_;
    const FieldOrigins& origins_;
    std::vector<MemberProfile> members_;
    std::map<Uuid, SaidByPath> said_;
    std::map<std::string, Claims, std::less<>> claims_;
    Explanation made_;
};

}  // namespace

Explanation explain(const ExplainRead& read, const domain::Precedence& precedence,
                    const FieldOrigins& origins) {
    return Explaining(read, precedence, origins).run();
}

}  // namespace tributary::view
