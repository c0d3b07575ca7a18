#include "services/view/document_step.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "domain/change.hpp"
#include "domain/document.hpp"
#include "domain/facet.hpp"
#include "domain/ids.hpp"
#include "domain/json/slices.hpp"
#include "domain/try.hpp"
#include "services/view/documents.hpp"
#include "services/view/entity_text.hpp"
#include "services/view/grouping.hpp"

namespace tributary::view {

using domain::EntityKind;
using domain::Result;
using domain::Uuid;
using domain::ports::AccessRow;
using domain::ports::DocumentState;
using domain::ports::DocumentWrite;
using domain::ports::EntityState;
using domain::ports::Membership;
using domain::ports::PageTransaction;
using domain::ports::StreamRef;

namespace {

/// What a document says about access is as old as the streams that said it, whether or not they know the
/// object itself.
void add_streams_of(std::span<const AccessRow> access, std::set<StreamRef>& streams) {
    for (const AccessRow& row : access) {
        streams.insert({row.connection_id, row.stream});
    }
}

/// The customers that an account, sub-account or group names, in its access or as its users.
void add_customers_of(std::string_view target, std::set<Uuid>& customers) {
    for (const std::string_view list : {"access", "users"}) {
        const auto entries = json::member_of(target, list);
        if (!entries || entries->find("\"customer_id\":") == std::string_view::npos) {
            continue;
        }
        const json::Value tree = domain::document_tree(*entries);
        for (const json::Value& entry : *tree.if_array()) {
            const json::Value* named = entry.find("customer_id");
            const std::string* text = named == nullptr ? nullptr : named->if_string();
            if (const auto id = text == nullptr ? std::nullopt : domain::parse_uuid(*text)) {
                customers.insert(*id);
            }
        }
    }
}

class DocumentStep {
  public:
    DocumentStep(PageTransaction& transaction, const Uuid& tenant, const DocumentInput& input)
        : transaction_(transaction), tenant_(tenant), input_(input) {}

    Result<ProposedDocuments> run() {
        TRIBUTARY_TRY(read_documents());
        TRIBUTARY_TRY(build_customers());
        TRIBUTARY_TRY(build_targets());
        build_links();
        return std::move(proposed_);
    }

  private:
    [[nodiscard]] std::vector<StreamRef> target_streams(const Uuid& id,
                                                        std::span<const AccessRow> access) const {
        std::set<StreamRef> streams;
        if (const auto found = input_.target_sources.find(id); found != input_.target_sources.end()) {
            streams = found->second;
        }
        add_streams_of(access, streams);
        return listed(streams);
    }

    Result<void> read_documents() {
        std::set<Uuid> ids = input_.customers;
        for (const auto& [id, state] : input_.targets) {
            if (!input_.created.contains(id)) {
                ids.insert(id);
            }
        }
        for (const LinkFact& fact : input_.links) {
            ids.insert(link_id(fact.link));
        }
        if (ids.empty()) {
            return {};
        }
        TRIBUTARY_TRY_LET(states, transaction_.documents(listed(ids)));
        for (DocumentState& state : states) {
            const Uuid id = state.id;
            before_.emplace(id, std::move(state));
        }
        return {};
    }

    Result<void> build_customers() {
        if (input_.customers.empty()) {
            return {};
        }
        TRIBUTARY_TRY_LET(memberships, transaction_.memberships_of_customers(listed(input_.customers)));
        std::vector<Uuid> profiles;
        for (const Membership& membership : memberships) {
            profiles.push_back(membership.profile_id);
        }
        std::map<Uuid, EntityState> states;
        std::map<Uuid, std::set<StreamRef>> streams_of;
        std::map<Uuid, std::vector<AccessRow>> access;
        if (!profiles.empty()) {
            TRIBUTARY_TRY_LET(entities, transaction_.entities(profiles));
            for (EntityState& state : entities) {
                const Uuid id = state.anchor.id;
                states.emplace(id, std::move(state));
            }
            TRIBUTARY_TRY_LET(records, transaction_.sources(profiles));
            for (domain::ports::EntitySource& record : records) {
                streams_of[record.entity_id].insert({record.connection_id, std::move(record.stream)});
            }
            TRIBUTARY_TRY_LET(rows, transaction_.access_of_profiles(profiles));
            access = grouped(std::move(rows), &AccessRow::profile_id);
        }
        const auto members_of = grouped(std::move(memberships), &Membership::customer_id);
        for (const Uuid& customer : input_.customers) {
            std::vector<MemberProfile> members;
            std::vector<AccessRow> rows;
            std::set<StreamRef> sources;
            const auto found = members_of.find(customer);
            for (const Membership& membership :
                 found == members_of.end() ? std::vector<Membership>() : found->second) {
                const auto state = states.find(membership.profile_id);
                if (state == states.end() || !state->second.normalized) {
                    customer_of_.emplace(membership.profile_id, std::nullopt);
                    continue;  // a profile that was removed keeps its place and shows nothing
                }
                customer_of_.emplace(membership.profile_id, customer);
                MemberProfile member{state->second.anchor, read_profile(*state->second.normalized), {}};
                for (const StreamRef& stream : streams_of[membership.profile_id]) {
                    if (member.connection_ids.empty() ||
                        member.connection_ids.back() != stream.connection_id) {
                        member.connection_ids.push_back(stream.connection_id);
                    }
                    sources.insert(stream);
                }
                std::ranges::copy(access[membership.profile_id], std::back_inserter(rows));
                members.push_back(std::move(member));
            }
            add_streams_of(rows, sources);
            const bool present = !members.empty();
            propose(customer, EntityKind::customer,
                    present ? std::optional(
                                  customer_content(customer, std::move(members), rows, input_.precedence))
                            : std::nullopt,
                    listed(sources), {customer});
        }
        return {};
    }

    /// Who may touch the targets. Of those that were made here, nothing needs to be read.
    Result<std::map<Uuid, std::vector<AccessRow>>> access_to_targets() {
        std::map<Uuid, std::vector<AccessRow>> access;
        std::vector<Uuid> stored;
        for (const auto& [id, state] : input_.targets) {
            if (!input_.created.contains(id)) {
                stored.push_back(id);
            } else if (const auto granted = input_.granted.find(id); granted != input_.granted.end()) {
                access.insert(*granted);
            }
        }
        if (!stored.empty()) {
            TRIBUTARY_TRY_LET(rows, transaction_.access_of_targets(stored));
            for (AccessRow& row : rows) {
                access[row.target_id].push_back(std::move(row));
            }
        }
        return access;
    }

    Result<std::map<Uuid, std::vector<Uuid>>> children_of_groups() {
        std::map<Uuid, std::vector<Uuid>> children;
        std::vector<Uuid> stored;
        for (const auto& [id, state] : input_.targets) {
            if (state.anchor.kind == EntityKind::account_group && !input_.created.contains(id)) {
                stored.push_back(id);
            }
            if (state.parent && state.normalized && input_.created.contains(*state.parent)) {
                children[*state.parent].push_back(id);
            }
        }
        if (!stored.empty()) {
            TRIBUTARY_TRY_LET(accounts, transaction_.children(stored));
            for (const EntityState& account : accounts) {
                children[*account.parent].push_back(account.anchor.id);
            }
        }
        return children;
    }

    Result<void> build_targets() {
        if (input_.targets.empty()) {
            return {};
        }
        TRIBUTARY_TRY_LET(access, access_to_targets());
        std::set<Uuid> profiles;
        for (const auto& [id, rows] : access) {
            for (const AccessRow& row : rows) {
                profiles.insert(row.profile_id);
            }
        }
        TRIBUTARY_TRY_LET(customer_of, customers_of(profiles));
        TRIBUTARY_TRY_LET(children, children_of_groups());
        for (const auto& [id, state] : input_.targets) {
            std::optional<Content> content;
            std::vector<StreamRef> sources = target_streams(id, access[id]);
            std::set<Uuid> customers;
            for (const AccessRow& row : access[id]) {
                if (const auto customer = customer_of.find(row.profile_id); customer != customer_of.end()) {
                    customers.insert(customer->second);
                }
            }
            if (state.normalized) {
                TargetContext context{tenant_, std::move(access[id]), customer_of, std::move(children[id])};
                std::ranges::sort(context.children);
                content = target_content(state, context);
            }
            propose(id, state.anchor.kind, std::move(content), std::move(sources), std::move(customers));
        }
        return {};
    }

    [[nodiscard]] Uuid link_id(const domain::ports::Link& link) const {
        return domain::identity_link_id(tenant_, link.low, link.high);
    }

    /// No provider says them, so they have no sources.
    void build_links() {
        for (const LinkFact& fact : input_.links) {
            const Uuid id = link_id(fact.link);
            propose(id, EntityKind::identity_link, link_content(id, fact.link), {}, fact.customers);
        }
    }

    /// By profile. A profile that was removed keeps its membership, but its customer no longer shows it, so
    /// nothing else names that customer for it.
    Result<std::map<Uuid, Uuid>> customers_of(const std::set<Uuid>& profiles) {
        std::map<Uuid, Uuid> customer_of;
        std::set<Uuid> unread;
        for (const Uuid& profile : profiles) {
            const auto built = customer_of_.find(profile);
            if (built == customer_of_.end()) {
                unread.insert(profile);
            } else if (built->second) {
                customer_of.emplace(profile, *built->second);
            }
        }
        if (unread.empty()) {
            return customer_of;
        }
        TRIBUTARY_TRY_LET(states, transaction_.entities(listed(unread)));
        std::erase_if(states, [](const EntityState& state) { return !state.normalized; });
        if (states.empty()) {
            return customer_of;
        }
        std::vector<Uuid> present;
        for (const EntityState& state : states) {
            present.push_back(state.anchor.id);
        }
        TRIBUTARY_TRY_LET(memberships, transaction_.memberships_of_profiles(present));
        for (const Membership& membership : memberships) {
            customer_of.emplace(membership.profile_id, membership.customer_id);
        }
        return customer_of;
    }

    /// Keeps a document for writing if it differs from what is stored. No content: removed.
    void propose(const Uuid& id, EntityKind kind, std::optional<Content> content,
                 std::vector<StreamRef> sources, std::set<Uuid> customers) {
        const auto stored = before_.find(id);
        DocumentWrite write{id, kind, "", !content, std::move(sources), {}, "[]", {}, std::nullopt};
        if (stored == before_.end()) {
            if (!content) {
                return;
            }
            write.content = std::move(content->text);
            ++proposed_.counts.documents_created;
        } else {
            const std::string before = domain::content_of(stored->second.body);
            const bool same_text = !content || content->text == before;
            if (same_text && write.removed == stored->second.removed &&
                (write.removed || write.sources == stored->second.sources)) {
                return;
            }
            if (content) {
                write.content = std::move(content->text);
            } else {
                write.content = before;
                write.facets = stored->second.facets;
            }
            compare(before, write, customers);
            write.before = stored->second;
            ++(write.removed ? proposed_.counts.documents_removed : proposed_.counts.documents_changed);
        }
        if (content) {
            write.facets = facets_of(std::move(content->facets), write.sources);
        }
        write.customers = listed(customers);
        proposed_.writes.push_back(std::move(write));
    }

    static std::vector<std::string> facets_of(std::set<std::string> facets,
                                              std::span<const StreamRef> sources) {
        for (const StreamRef& source : sources) {
            facets.insert(domain::connection_facet(source.connection_id));
        }
        return listed(facets);
    }

    /// What differs now, and whom it bore on before.
    static void compare(const std::string& before, DocumentWrite& write, std::set<Uuid>& customers) {
        // A customer's document names no other one.
        if (write.kind != EntityKind::customer) add_customers_of(before, customers);
        write.diff = domain::difference_text(before, write.content);
    }

    PageTransaction& transaction_;
    const Uuid& tenant_;
    const DocumentInput& input_;
    std::map<Uuid, DocumentState> before_;
    /// Of profiles in the customers that were built; nothing for those that are removed.
    std::map<Uuid, std::optional<Uuid>> customer_of_;
    ProposedDocuments proposed_;
};

}  // namespace

Result<ProposedDocuments> propose_documents(PageTransaction& transaction, const Uuid& tenant,
                                            const DocumentInput& input) {
    return DocumentStep(transaction, tenant, input).run();
}

}  // namespace tributary::view
