#include "adapters/http/client/tls.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <stdexcept>

#include "adapters/http/client/transport_error.hpp"

namespace tributary::http {

namespace ssl = boost::asio::ssl;
using domain::Errc;

domain::Result<std::shared_ptr<ssl::context>> make_tls_context(const std::filesystem::path& ca_file) {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    context->set_verify_mode(ssl::verify_peer);
    context->set_default_verify_paths();
    if (!ca_file.empty()) {
        boost::system::error_code error;
        context->load_verify_file(ca_file.string(), error);
        if (error) {
            ERR_clear_error();
            return domain::fail(Errc::configuration,
                                fmt::format("The CA file {} cannot be read ({}); name a file of PEM "
                                            "certificates",
                                            ca_file.string(), error.message()));
        }
    }
    return context;
}

void expect_host(SSL* session, const std::string& host) {
    X509_VERIFY_PARAM* const parameters = SSL_get0_param(session);
    boost::system::error_code not_an_address;
    boost::asio::ip::make_address(host, not_an_address);
    bool done = true;
    if (!not_an_address) {
        done = X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1;
    } else {
        X509_VERIFY_PARAM_set_hostflags(
            parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
        done = X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size()) == 1 &&
               SSL_set_tlsext_host_name(session, host.c_str()) == 1;
    }
    if (!done) {
        ERR_clear_error();
        throw std::runtime_error("OpenSSL failed to set the expected host");
    }
}

domain::Error handshake_error(SSL* session, const std::string& host, const boost::system::error_code& error) {
    if (const long verdict = SSL_get_verify_result(session); verdict != X509_V_OK) {
        return {
            Errc::configuration,
            fmt::format("{}: its certificate is refused ({}); check the base URL, the CA file and the clock",
                        host, X509_verify_cert_error_string(verdict))};
    }
    if (error.category() == boost::asio::error::get_ssl_category()) {
        const int reason = ERR_GET_REASON(static_cast<unsigned long>(error.value()));
        if (reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_WRONG_VERSION_NUMBER ||
            reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION) {
            return {
                Errc::configuration,
                fmt::format("{}: it does not speak TLS 1.2 or later on this port; check the base URL", host)};
        }
    }
    return lost(host, "TLS handshake", error);
}

}  // namespace tributary::http
