#include "tests/support/temporary_folder.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace tributary::tests {

TemporaryFolder::TemporaryFolder() {
    char pattern[] = "/tmp/tributary-test-XXXXXX";
    if (mkdtemp(pattern) == nullptr) {
        throw std::runtime_error("cannot make a folder in /tmp");
    }
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::file(const std::string& name, const std::string& text, unsigned mode) const {
    const std::string path = path_ + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    if (chmod(path.c_str(), mode) != 0) {
        throw std::runtime_error("cannot set the mode of " + path);
    }
    return path;
}

}  // namespace tributary::tests
