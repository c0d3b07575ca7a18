#include "tests/sandbox/population/moments.hpp"
#include "tests/sandbox/population/tastytrade_objects.hpp"

namespace tributary::sandbox {

json::Object tastytrade_account(const std::string& number, AccountStyle style, Rng& rng) {
    static constexpr std::string_view types[] = {"Individual", "Roth IRA", "Traditional IRA",
                                                 "Joint Tenants"};
    static constexpr std::string_view objectives[] = {"SPECULATION", "GROWTH", "INCOME",
                                                      "CAPITAL_PRESERVATION"};
    const bool loose = style == AccountStyle::loose;
    const bool full = style != AccountStyle::certification;
    const std::string type(rng.pick(types));
    const domain::Timestamp opened = random_moment(rng);
    json::Object account{{"account-number", number}};
    if (full) account.push_back({"external-id", "A" + rng.digits(10)});
    account.push_back({"opened-at", offset_text(opened)});
    account.push_back({"nickname", loose ? json::Value() : json::Value("Réserve " + number.substr(6))});
    account.push_back({"account-type-name", loose ? "Space Trust" : type});
    account.push_back({"day-trader-status", loose ? json::Value("false") : json::Value(rng.chance(10))});
    account.push_back({"is-closed", style == AccountStyle::closed});
    account.push_back({"is-firm-error", false});
    account.push_back({"is-firm-proprietary", false});
    account.push_back({"is-futures-approved", rng.chance(50)});
    if (full && rng.chance(50)) account.push_back({"is-test-drive", false});
    account.push_back({"margin-or-cash", rng.chance(70) ? "Margin" : "Cash"});
    account.push_back({"is-foreign", loose ? json::Value("true") : json::Value(false)});
    if (full) {
        account.push_back({"funding-date", domain::to_text(opened).substr(0, 10)});
        account.push_back({"investment-objective", rng.pick(objectives)});
        account.push_back({"futures-account-purpose", "SPECULATING"});
        account.push_back(
            {"suitable-options-level", rng.chance(80) ? "No Restrictions" : "Defined Risk Spreads"});
        account.push_back({"liquidity-needs", "NOT_IMPORTANT"});
        account.push_back({"regulatory-domain", "USA"});
    }
    account.push_back({"created-at", offset_text(opened)});
    if (style == AccountStyle::closed) {
        account.push_back({"closed-at", offset_text(later_moment(opened, rng))});
    }
    return account;
}

}  // namespace tributary::sandbox
