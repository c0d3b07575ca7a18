// A certificate authority made in memory, and certificates with any fault.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <memory>
#include <string>

namespace tributary::tests {

struct Issued {
    /// As an OpenSSL configuration writes it: "DNS:localhost,IP:127.0.0.1"; empty for none.
    std::string alternative_names = "DNS:localhost,IP:127.0.0.1";
    std::string common_name = "peer";
    /// In seconds from now.
    long valid_from = -3600;
    long valid_to = 3600;
};

class Authority {
  public:
    Authority();
    Authority(const Authority&) = delete;
    Authority& operator=(const Authority&) = delete;
    ~Authority();

    /// The authority's own certificate as a PEM file that goes away with the authority.
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }

    /// A server's TLS context with a new key and a certificate of this authority.
    [[nodiscard]] std::shared_ptr<boost::asio::ssl::context> serve(const Issued& issued = {}) const;

  private:
    using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
    using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
    Key key_;
    Certificate certificate_;
    std::filesystem::path file_;
};

}  // namespace tributary::tests
