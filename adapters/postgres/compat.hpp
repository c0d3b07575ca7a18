// The one place that knows which libpqxx this is: 6.4 on Debian 12, 7.10 on Debian 13.
#pragma once

#include <functional>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <utility>
#include <vector>

namespace tributary::postgres::compat {

/// A parameter: a text of its own, one that outlives the statement, or null.
class Value {
  public:
    Value() = default;

    Value(std::string own) : own_(std::move(own)) {}

    Value(const char* own) : own_(own) {}

    Value(std::optional<std::string> own) : own_(std::move(own)) {}

    static Value borrowed(const std::string& text) {
        Value value;
        value.borrowed_ = &text;
        return value;
    }

    /// Null where there is none.
    [[nodiscard]] const std::string* text() const {
        return borrowed_ != nullptr ? borrowed_ : own_ ? &*own_ : nullptr;
    }

  private:
    std::optional<std::string> own_;
    const std::string* borrowed_ = nullptr;
};

using Values = std::vector<Value>;

#if PQXX_VERSION_MAJOR >= 7

inline pqxx::params params_of(const Values& values) {
    pqxx::params params;
    params.reserve(values.size());
    for (const auto& value : values) {
        if (const std::string* text = value.text()) {
            params.append(pqxx::zview(*text));
        } else {
            params.append();
        }
    }
    return params;
}

inline pqxx::result exec(pqxx::transaction_base& transaction, const std::string& sql, const Values& values) {
    return transaction.exec(sql, params_of(values));
}

/// The server has the statement once this returned.
inline void prepare(pqxx::connection& connection, const std::string& name, const std::string& sql) {
    connection.prepare(name, sql);
}

/// `name` was prepared on this connection.
inline pqxx::result exec_prepared(pqxx::transaction_base& transaction, const std::string& name,
                                  const Values& values) {
    return transaction.exec(pqxx::prepped{name}, params_of(values));
}

#else

inline std::vector<const char*> pointers_to(const Values& values) {
    std::vector<const char*> pointers;
    pointers.reserve(values.size());
    for (const auto& value : values) {
        const std::string* text = value.text();
        pointers.push_back(text != nullptr ? text->c_str() : nullptr);
    }
    return pointers;
}

inline pqxx::result exec(pqxx::transaction_base& transaction, const std::string& sql, const Values& values) {
    return transaction.exec_params(sql, pqxx::prepare::make_dynamic_params(pointers_to(values)));
}

/// The server has the statement once this returned; prepare() alone waits for the first run.
inline void prepare(pqxx::connection_base& connection, const std::string& name, const std::string& sql) {
    connection.prepare(name, sql);
    connection.prepare_now(name);
}

/// `name` was prepared on this connection.
inline pqxx::result exec_prepared(pqxx::transaction_base& transaction, const std::string& name,
                                  const Values& values) {
    return transaction.exec_prepared(name, pqxx::prepare::make_dynamic_params(pointers_to(values)));
}

#endif

// Version 7.10 has another way to listen as well, and may call this one old.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

/// Listens on a channel while it lives; told the payload of each notification. Not inside a transaction.
class Subscription final : private pqxx::notification_receiver {
  public:
    using Told = std::function<void(const std::string&)>;

    Subscription(pqxx::connection& connection, const std::string& channel, Told told)
        : pqxx::notification_receiver(connection, channel), told_(std::move(told)) {}

  private:
    void operator()(const std::string& payload, int) override { told_(payload); }

    Told told_;
};

#pragma GCC diagnostic pop

}  // namespace tributary::postgres::compat
