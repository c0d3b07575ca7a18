#include "adapters/system/text_file.hpp"

#include <doctest/doctest.h>

#include <istream>
#include <sstream>
#include <streambuf>
#include <string>

#include "tests/support/temporary_folder.hpp"

using namespace tributary;

namespace {

constexpr std::size_t one_mebibyte = std::size_t{1} << 20U;

/// Gives the same block for ever, and counts.
class Endless final : public std::streambuf {
  public:
    [[nodiscard]] std::size_t given() const { return given_; }

  private:
    int_type underflow() override {
        given_ += block_.size();
        setg(block_.data(), block_.data(), block_.data() + block_.size());
        return traits_type::to_int_type(block_.front());
    }

    std::string block_ = std::string(4096, ' ');
    std::size_t given_ = 0;
};

}  // namespace

TEST_CASE("a stream is read to its end, up to 1 MiB") {
    for (const std::size_t size : {std::size_t{0}, std::size_t{5}, one_mebibyte}) {
        std::istringstream in(std::string(size, 'x'));
        const auto text = system::read_text(in, "The input");
        REQUIRE(text);
        CHECK(*text == std::string(size, 'x'));
    }
}

TEST_CASE("a stream without an end is refused soon after 1 MiB") {
    Endless endless;
    std::istream in(&endless);
    const auto text = system::read_text(in, "The input");
    REQUIRE_FALSE(text);
    CHECK(text.error().detail == "The input is larger than 1 MiB.");
    CHECK(endless.given() <= one_mebibyte + 8192);
}

TEST_CASE("a file is read whole, and a missing one, a folder and a large one are refused by name") {
    const tests::TemporaryFolder folder;
    CHECK(system::read_text_file(folder.file("small", "text\n")) == "text\n");
    const auto refusal_of = [](const std::string& path) {
        const auto text = system::read_text_file(path);
        REQUIRE_FALSE(text);
        CHECK(text.error().code == domain::Errc::configuration);
        CHECK(text.error().detail.find(path) != std::string::npos);
        return text.error().detail;
    };
    CHECK(refusal_of(folder.path() + "/missing").find("cannot be read") != std::string::npos);
    CHECK(refusal_of(folder.path()).find("directory") != std::string::npos);
    CHECK(refusal_of(folder.file("large", std::string(one_mebibyte + 1, 'x'))).find("1 MiB") !=
          std::string::npos);
}
