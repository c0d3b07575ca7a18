#include "domain/ids.hpp"
#include "tests/mutants/page_step.hpp"
#include "tests/support/store_fixture.hpp"

namespace tributary::mutants {

using namespace domain::ports;
using tests::good;
using tests::id_of;

namespace {

const IdentifierKey email{IdentifierKind::email, "hash of an e-mail"};
const IdentifierKey fresh{IdentifierKind::phone, "hash of a telephone"};

Link link(LinkState state) {
    const auto [low, high] = std::minmax({id_of("p1"), id_of("p3")});
    return {low, high, state, "operator", "[]", true};
}

}  // namespace

std::vector<Step> identity_steps() {
    return {
        page_step("identifiers are locked", "",
                  [](PageTransaction& page) {
                      good(page.lock_identifiers(std::array{email, fresh}));
                      return std::string();
                  }),
        page_step("identifiers and their members", "",
                  [](PageTransaction& page) {
                      return shown(good(page.identifier_members(std::array{email, fresh}))) +
                             shown(good(page.identifiers_of(std::array{id_of("p1")})));
                  }),
        page_step("a profile gets an identifier", "",
                  [](PageTransaction& page) {
                      good(page.add_identifiers(std::array{IdentifierMember{fresh, id_of("p1")}}));
                      return std::string();
                  }),
        page_step("a profile loses an identifier", "",
                  [](PageTransaction& page) {
                      good(page.drop_identifiers(std::array{IdentifierMember{email, id_of("p1")}}));
                      return std::string();
                  }),
        page_step("links", "",
                  [](PageTransaction& page) { return shown(good(page.links_of(std::array{id_of("p1")}))); }),
        page_step("a link by its id", "",
                  [](PageTransaction& page) {
                      const Link known = link(LinkState::linked);
                      return shown(
                          good(page.link_named(domain::identity_link_id(ours, known.low, known.high))));
                  }),
        page_step("a link is written", "",
                  [](PageTransaction& page) {
                      good(page.write_links(std::array{link(LinkState::rejected)}));
                      return std::string();
                  }),
        page_step("memberships", "",
                  [](PageTransaction& page) {
                      return shown(good(page.memberships_of_profiles(std::array{id_of("p1")}))) +
                             shown(good(page.memberships_of_customers(std::array{id_of("c1")})));
                  }),
        page_step("a membership is written", "",
                  [](PageTransaction& page) {
                      good(page.write_memberships(std::array{Membership{id_of("p1"), id_of("c2")}}));
                      return std::string();
                  }),
        page_step("customers are locked", "",
                  [](PageTransaction& page) {
                      return shown(good(page.lock_customers(std::array{id_of("c1"), id_of("new")})));
                  }),
        page_step("a customer is redirected", "",
                  [](PageTransaction& page) {
                      good(page.write_redirects(std::array{CustomerState{id_of("c1"), {}, id_of("c2")}}));
                      const DocumentWrite made = tests::document(domain::EntityKind::account, "new", "{}");
                      return shown(good(page.commit_documents(tests::by_operator, std::array{made})));
                  }),
    };
}

}  // namespace tributary::mutants
