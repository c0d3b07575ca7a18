#include "certificates.hpp"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace tributary::tests {

namespace {

void require(bool done) {
    if (!done) throw std::runtime_error("a test certificate could not be made");
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    require(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

X509* make_certificate(const Issued& issued, EVP_PKEY* subject_key, X509* issuer, EVP_PKEY* issuer_key) {
    static long serial = 0;
    X509* certificate = X509_new();
    require(certificate != nullptr && X509_set_version(certificate, 2) == 1);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), issued.valid_from);
    X509_gmtime_adj(X509_getm_notAfter(certificate), issued.valid_to);
    require(X509_set_pubkey(certificate, subject_key) == 1);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(issued.common_name.c_str()), -1, -1, 0);
    X509* const signer = issuer == nullptr ? certificate : issuer;
    require(X509_set_issuer_name(certificate, X509_get_subject_name(signer)) == 1);
    add_extension(certificate, signer, NID_basic_constraints,
                  issuer == nullptr ? "critical,CA:TRUE" : "CA:FALSE");
    if (!issued.alternative_names.empty()) {
        add_extension(certificate, signer, NID_subject_alt_name, issued.alternative_names);
    }
    require(X509_sign(certificate, issuer_key, EVP_sha256()) > 0);
    return certificate;
}

}  // namespace

Authority::Authority()
    : key_(EVP_EC_gen("P-256"), &EVP_PKEY_free),
      certificate_(make_certificate({.alternative_names = "", .common_name = "Test CA"}, key_.get(), nullptr,
                                    key_.get()),
                   &X509_free) {
    std::string name = (std::filesystem::temp_directory_path() / "tributary-ca-XXXXXX").string();
    const int descriptor = ::mkstemp(name.data());
    require(descriptor >= 0);
    FILE* out = ::fdopen(descriptor, "w");
    require(out != nullptr && PEM_write_X509(out, certificate_.get()) == 1 && std::fclose(out) == 0);
    file_ = name;
}

Authority::~Authority() {
    std::filesystem::remove(file_);
}

std::shared_ptr<boost::asio::ssl::context> Authority::serve(const Issued& issued) const {
    const Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    const Certificate certificate(make_certificate(issued, key.get(), certificate_.get(), key_.get()),
                                  &X509_free);
    auto context = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_server);
    require(SSL_CTX_use_certificate(context->native_handle(), certificate.get()) == 1 &&
            SSL_CTX_use_PrivateKey(context->native_handle(), key.get()) == 1);
    return context;
}

}  // namespace tributary::tests
