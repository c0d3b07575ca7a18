#include "adapters/system/text_file.hpp"

#include <cerrno>
#include <fstream>
#include <istream>
#include <system_error>

namespace tributary::system {

domain::Result<std::string> read_text(std::istream& in, const std::string& name) {
    static constexpr std::size_t max_bytes = std::size_t{1} << 20U;
    std::string text(max_bytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad()) {
        return domain::fail(domain::Errc::configuration, name + " cannot be read; is it a directory?");
    }
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > max_bytes) {
        return domain::fail(domain::Errc::configuration, name + " is larger than 1 MiB.");
    }
    return text;
}

domain::Result<std::string> read_text_file(const std::string& path) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return domain::fail(domain::Errc::configuration, "The file " + path + " cannot be read: " +
                                                             std::generic_category().message(errno) + ".");
    }
    return read_text(file, "The file " + path);
}

}  // namespace tributary::system
