#include "adapters/crypto/key_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <system_error>

#include "adapters/crypto/digest.hpp"

namespace tributary::crypto {

using domain::Errc;
using domain::fail;

namespace {

constexpr std::string_view how_to_make = "make one with: (umask 077; openssl rand -base64 32 > FILE)";

struct File {
    explicit File(const std::filesystem::path& path)
        : descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}

    File(const File&) = delete;
    File& operator=(const File&) = delete;

    ~File() {
        if (descriptor >= 0) ::close(descriptor);
    }

    int descriptor;
};

/// Text whose bytes are wiped at the end.
struct WipedText {
    ~WipedText() { OPENSSL_cleanse(text.data(), text.size()); }

    std::string text;
};

std::string_view without_trailing_space(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) {
        text.remove_suffix(1);
    }
    return text;
}

/// At most `cap` bytes; nothing where reading fails.
std::optional<std::size_t> read_up_to(int descriptor, char* out, std::size_t cap) {
    std::size_t filled = 0;
    while (filled < cap) {
        const ssize_t got = ::read(descriptor, out + filled, cap - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return std::nullopt;
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    return filled;
}

}  // namespace

domain::Result<SecretKey> load_key_file(const std::filesystem::path& path) {
    const File file(path);
    if (file.descriptor < 0) {
        return fail(Errc::configuration,
                    fmt::format("The key file {} cannot be opened ({}); name an existing file or {}",
                                path.string(), std::generic_category().message(errno), how_to_make));
    }
    struct stat about{};
    if (::fstat(file.descriptor, &about) != 0 || !S_ISREG(about.st_mode)) {
        return fail(Errc::configuration,
                    fmt::format("The key file {} is not a regular file; {}", path.string(), how_to_make));
    }
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return fail(Errc::configuration,
                    fmt::format("The key file {0} is open to others than its owner; run: chmod 600 {0}",
                                path.string()));
    }
    WipedText content{std::string(256, '\0')};
    const auto length = read_up_to(file.descriptor, content.text.data(), content.text.size());
    if (!length) {
        return fail(Errc::configuration,
                    fmt::format("The key file {} cannot be read ({}); check the disk and its owner",
                                path.string(), std::generic_category().message(errno)));
    }
    auto decoded = base64_decode(without_trailing_space(std::string_view(content.text).substr(0, *length)));
    const WipedText key{decoded ? std::move(*decoded) : std::string()};
    if (key.text.size() != SecretKey::size) {
        return fail(Errc::configuration,
                    fmt::format("The key file {} does not hold 32 bytes as one line of base64; {}",
                                path.string(), how_to_make));
    }
    if (key.text.find_first_not_of('\0') == std::string::npos) {
        return fail(Errc::configuration, fmt::format("The key file {} holds only zeros, which is no key; {}",
                                                     path.string(), how_to_make));
    }
    return SecretKey(std::span<const std::uint8_t, SecretKey::size>(
        reinterpret_cast<const std::uint8_t*>(key.text.data()), SecretKey::size));
}

}  // namespace tributary::crypto
