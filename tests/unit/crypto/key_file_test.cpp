#include "adapters/crypto/key_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "adapters/crypto/digest.hpp"

using namespace tributary::crypto;
using tributary::domain::Errc;

namespace {

/// A folder of its own that goes away with the test.
struct Folder {
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "tributary-key-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }

    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    ~Folder() { std::filesystem::remove_all(path); }

    [[nodiscard]] std::filesystem::path file(std::string_view content, mode_t mode = 0600) const {
        const auto name = path / "key";
        std::ofstream(name, std::ios::trunc) << content;
        REQUIRE(::chmod(name.c_str(), mode) == 0);
        return name;
    }

    std::filesystem::path path;
};

void check_refused(const std::filesystem::path& path, std::string_view words) {
    const auto key = load_key_file(path);
    REQUIRE_FALSE(key);
    CHECK(key.error().code == Errc::configuration);
    CHECK_MESSAGE(key.error().detail.find(words) != std::string::npos, key.error().detail);
}

}  // namespace

TEST_CASE_FIXTURE(Folder, "a key file of 32 bytes in base64 is read, with or without a line end") {
    const std::string bytes = "0123456789abcdef0123456789ABCDEF";
    for (const std::string_view end : {"", "\n", "\r\n"}) {
        const auto key = load_key_file(file(base64(bytes) + std::string(end)));
        REQUIRE(key);
        CHECK(key->bytes() == bytes);
    }
}

TEST_CASE_FIXTURE(Folder, "a missing key file says how to make one") {
    check_refused(path / "nothing", "openssl rand -base64 32");
}

TEST_CASE_FIXTURE(Folder, "a folder in place of a key file is refused") {
    check_refused(path, "not a regular file");
}

TEST_CASE_FIXTURE(Folder, "a key file that others could read or write says how to close it") {
    const std::string good = base64(std::string(32, 'k'));
    for (const mode_t mode : {0640U, 0604U, 0660U, 0620U, 0644U}) {
        CAPTURE(mode);
        check_refused(file(good, mode), "chmod 600");
    }
    CHECK(load_key_file(file(good, 0400)));
}

TEST_CASE_FIXTURE(Folder, "a key of zeros is refused as none") {
    check_refused(file(base64(std::string(32, '\0'))), "zeros");
    CHECK(load_key_file(file(base64(std::string(31, '\0') + "k"))));
}

TEST_CASE_FIXTURE(Folder, "a key of another length or no base64 is refused without being quoted") {
    for (const std::string& content :
         {std::string(), base64(std::string(31, 'k')), base64(std::string(33, 'k')),
          base64(std::string(16, 'k')), std::string(32, 'k'), std::string(4096, 'A'),
          base64(std::string(32, 'k')) + "\nsecond line"}) {
        check_refused(file(content), "32 bytes");
        if (content.size() > 8) {
            CHECK(load_key_file(file(content)).error().detail.find(content.substr(0, 8)) ==
                  std::string::npos);
        }
    }
}
