// One transaction as this folder uses it: bounded in time, bound to a tenant, parameters always checked.
// Lives on one database thread, inside one job.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/postgres/array_text.hpp"
#include "adapters/postgres/compat.hpp"
#include "adapters/postgres/json_texts.hpp"
#include "adapters/postgres/row.hpp"
#include "adapters/postgres/statement.hpp"
#include "domain/ports/news_store.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"

namespace tributary::postgres {

/// What holds for a transaction. It goes with SET LOCAL: a pooler keeps no session state.
struct Terms {
    /// For each statement.
    std::chrono::milliseconds statement{10'000};
    std::chrono::milliseconds lock{5'000};
    /// How long the server waits for the next statement before it ends the session: a process that stands
    /// still must not keep its locks.
    std::chrono::milliseconds idle{60'000};
    /// Whether COMMIT waits for the disk.
    bool durable = true;
    /// Whether every statement sees the same moment, and none may write.
    bool snapshot = false;
    /// Whether prepared statements keep their plans: where one by an index is right for all values.
    bool keyed = false;
};

class Transaction {
  public:
    /// Begins. Without a tenant only the tenant-less tables can be seen. Without `prepared`, the
    /// connection's, no statement is prepared. With `rewrite`, which outlives it, every statement of the
    /// folder runs as that says.
    Transaction(pqxx::connection& connection, const Terms& terms, const std::optional<domain::Uuid>& tenant,
                PreparedStatements* prepared = nullptr, const Rewriting* rewrite = nullptr);

    /// Throws what libpqxx throws, and Failure where a text cannot be stored.
    template <class... Args>
    pqxx::result exec(const std::string& sql, const Args&... args) {
        const compat::Values values{param(args)...};
        return rewrite_ == nullptr ? compat::exec(work_, sql, values)
                                   : compat::exec(work_, (*rewrite_)(sql), values);
    }

    /// The same, prepared where that is wanted.
    template <class... Args>
    pqxx::result exec(const Statement& statement, const Args&... args) {
        if (prepared_ == nullptr || rewrite_ != nullptr) return exec(statement.sql(), args...);
        prepare(statement);
        return compat::exec_prepared(work_, statement.name(), compat::Values{param(args)...});
    }

    /// Several statements without parameters; the result of the last one.
    pqxx::result script(const std::string& sql) {
        return rewrite_ == nullptr ? work_.exec(sql) : work_.exec((*rewrite_)(sql));
    }

    /// The tenant of the statements that follow. For the few jobs that serve several.
    void use_tenant(const domain::Uuid& tenant);

    [[nodiscard]] const domain::Uuid& tenant() const { return tenant_; }

    /// What its COMMIT will have brought, for others in this process. Whoever takes the tenant's feed head,
    /// or marks freshness, adds to it.
    [[nodiscard]] domain::ports::OwnNews& news() { return news_; }

    /// COMMIT waits for the disk after all.
    void wait_for_disk() { script("SET LOCAL synchronous_commit TO DEFAULT"); }

    /// When this transaction began, on PostgreSQL's clock.
    [[nodiscard]] domain::Timestamp now() const { return now_; }

    void commit() { work_.commit(); }

  private:
    void prepare(const Statement& statement);

    static std::optional<std::string> param(std::string_view text);

    static std::optional<std::string> param(const std::string& text) { return param(std::string_view(text)); }

    static std::optional<std::string> param(const char* text) { return param(std::string_view(text)); }

    static std::optional<std::string> param(const domain::Uuid& id) { return domain::to_text(id); }

    static std::optional<std::string> param(domain::Timestamp at) { return domain::to_text(at); }

    static compat::Value param(const ArrayText& array) { return compat::Value::borrowed(array.text()); }

    static compat::Value param(const JsonTexts& texts) { return compat::Value::borrowed(texts.text()); }

    static std::optional<std::string> param(bool value) { return value ? "t" : "f"; }

    template <std::integral I>
        requires(!std::same_as<I, bool>)
    static std::optional<std::string> param(I value) {
        return std::to_string(value);
    }

    template <class T>
    static compat::Value param(const std::optional<T>& value) {
        return value ? compat::Value(param(*value)) : compat::Value();
    }

    pqxx::work work_;
    PreparedStatements* prepared_;
    const Rewriting* rewrite_;
    domain::Uuid tenant_;
    domain::Timestamp now_;
    domain::ports::OwnNews news_;
};

}  // namespace tributary::postgres
