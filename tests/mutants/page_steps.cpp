#include "adapters/postgres/page_transaction.hpp"
#include "tests/mutants/page_step.hpp"
#include "tests/support/store_fixture.hpp"

namespace tributary::mutants {

using namespace domain::ports;
using domain::EntityKind;
using domain::Uuid;
using tests::anchor;
using tests::good;
using tests::id_of;

namespace {

const StreamRef accounts{shared, "accounts"};
const std::vector<std::string> keys{"k1", "k2", "new"};

const std::vector<Uuid> entities{id_of("p1"), id_of("x1"), id_of("x4"), id_of("new")};

DocumentWrite changed(const DocumentState& before) {
    DocumentWrite write;
    write.id = before.id;
    write.kind = before.kind;
    write.content = R"({"name":"again"})";
    write.removed = before.removed;
    write.diff = "[]";
    write.before = before;
    return write;
}

std::string replace_records(PageTransaction& page) {
    RecordWrite known = tests::record("k1", "x1", R"({"n":7})");
    known.access = {{id_of("p1"), EntityKind::account, id_of("x1"), R"({"level":"read_only"})"}};
    return shown(good(page.write_records(accounts, std::array{known, tests::record("new", "new", "{}")})));
}

/// What nobody knew of: no row of theirs stands in its way.
std::string add_records(PageTransaction& page) {
    RecordWrite added = tests::record("only ours", "x1", R"({"n":9})");
    added.is_new = true;
    added.access = {{id_of("p1"), EntityKind::account, id_of("x1"), R"({"level":"owner"})"}};
    return shown(good(page.write_records(accounts, std::array{added})));
}

std::string create_entities(PageTransaction& page) {
    return shown(good(page.create_entities(std::array{
        NewEntity{anchor(EntityKind::account, "x1"), R"({"n":9})", std::nullopt},
        NewEntity{anchor(EntityKind::account, "only ours"), R"({"n":9})", id_of("g1")},
        NewEntity{anchor(EntityKind::account_group, "merely named"), std::nullopt, std::nullopt}})));
}

std::string commit(PageTransaction& page) {
    std::vector<DocumentWrite> writes{tests::document(EntityKind::account, "only ours", R"({"name":"new"})")};
    for (const DocumentState& before : good(page.documents(std::array{id_of("x1"), id_of("gone")}))) {
        writes.push_back(changed(before));
    }
    return shown(good(page.commit_documents(tests::by_operator, writes)));
}

}  // namespace

std::vector<Step> page_steps() {
    return {
        page_step("records", "",
                  [](PageTransaction& page) {
                      return shown(good(page.records(accounts, keys))) +
                             shown(good(page.lock_records(accounts, keys))) +
                             shown(good(page.live_record_ids(accounts, "", 10)));
                  }),
        page_step("streams with records, where theirs has one more",
                  "DELETE FROM records WHERE tenant_id = $ours AND stream = 'users';",
                  [](PageTransaction& page) { return shown(good(page.record_streams(shared))); }),
        page_step("records are written", "", replace_records),
        page_step("new records are written", "", add_records),
        page_step("entities are made", "", create_entities),
        page_step("records are removed", "",
                  [](PageTransaction& page) { return shown(good(page.remove_records(accounts, keys))); }),
        page_step("entities are locked", "",
                  [](PageTransaction& page) {
                      return shown(good(page.lock_entities(std::array{anchor(EntityKind::profile, "p1"),
                                                                      anchor(EntityKind::account, "new")})));
                  }),
        page_step("present entities are locked", "",
                  [](PageTransaction& page) { return shown(good(page.lock_existing_entities(entities))); }),
        page_step("entities and what bears on them", "",
                  [](PageTransaction& page) {
                      return shown(good(page.entities(entities))) +
                             shown(good(page.children(std::array{id_of("g1")}))) +
                             shown(good(page.contributions(entities))) + shown(good(page.sources(entities))) +
                             shown(good(page.access_of_profiles(entities))) +
                             shown(good(page.access_of_targets(entities)));
                  }),
        page_step(
            "entities are written", "",
            [](PageTransaction& page) {
                good(page.write_entities(std::array{EntityWrite{id_of("x1"), R"({"n":8})", std::nullopt}}));
                return std::string();
            }),
        page_step("documents are committed", "", commit),
        page_step(
            "nothing is committed, where the feed of theirs is ahead",
            "UPDATE feed_head SET commit_no = commit_no + 7 WHERE tenant_id = $theirs;",
            [](PageTransaction& page) { return shown(good(page.commit_documents(tests::by_operator, {}))); }),
        page_step("a lease of theirs is shown", leased,
                  [](PageTransaction& page) {
                      good(page.check_fence({lent, 7}));
                      return std::string();
                  }),
        page_step("a schedule of theirs is held", "",
                  [](PageTransaction& page) {
                      good(page.hold_schedule(lent));
                      return std::string();
                  }),
        page_step("progress", "",
                  [](PageTransaction& page) {
                      good(page.save_progress(second_run, "{}", "here"));
                      good(page.assign_self(shared, {"profile", "account"}));
                      return std::string();
                  }),
    };
}

}  // namespace tributary::mutants
