#include <doctest/doctest.h>

#include <algorithm>

#include "config/load.hpp"

using namespace tributary;

namespace {

auto loaded(const std::string& toml) {
    config::Sources sources;
    sources.file_text = toml;
    sources.file_name = "t.toml";
    return config::load(sources);
}

std::string complaint(const std::string& toml) {
    const auto made = loaded(toml);
    REQUIRE_FALSE(made.has_value());
    return made.error().front().detail;
}

}  // namespace

TEST_CASE("without a precedence nobody's word counts first") {
    const auto made = loaded("");
    REQUIRE(made.has_value());
    CHECK(made->settings.precedence.empty());
    CHECK(made->settings.field_precedence.empty());
}

TEST_CASE("a precedence is read for all fields and for one of them") {
    const auto made =
        loaded("[merge.precedence]\ndefault = [\"tdx\"]\nemail = [\"upvest\", \"tastytrade\"]\nphone = []\n");
    REQUIRE(made.has_value());
    CHECK(made->settings.precedence == std::vector<std::string>{"tdx"});
    REQUIRE(made->settings.field_precedence.size() == 1);
    CHECK(made->settings.field_precedence.at("email") == std::vector<std::string>{"upvest", "tastytrade"});
}

TEST_CASE("a field or a provider that there is not is refused with the one that was probably meant") {
    CHECK(complaint("[merge.precedence]\nemial = [\"upvest\"]\n").find("'merge.precedence.email'") !=
          std::string::npos);
    CHECK(complaint("[merge.precedence]\nemail = [\"upvset\"]\n").find("did you mean 'upvest'?") !=
          std::string::npos);
    CHECK(complaint("[merge.precedence]\nemail = [\"tdx\", \"tdx\"]\n").find("twice") != std::string::npos);
}
