// Actions as they are stored: begun once a key, claimed by whoever carries them out, ended with what the
// provider said.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/error.hpp"
#include "domain/ports/actions.hpp"
#include "domain/ports/connection_store.hpp"
#include "domain/ports/page_store.hpp"
#include "domain/ports/task.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"

namespace tributary::domain::ports {

/// What is done about an action, and who may ask for it, is written before anything is sent.
struct NewAction {
    Uuid id;
    /// 64 hex digits each: a keyed hash of the caller with their key, and one of method, path and body.
    std::string key_hash;
    std::string fingerprint;
    ActionKind kind = ActionKind::other;
    Uuid connection;
    EntityKind subject_kind = EntityKind::other;
    Uuid subject;
    /// ActionOrder::subject.
    std::string provider_subject;
    /// Made by the sealer.
    std::string sealed_arguments;
    /// Names whoever asks.
    std::string requested_by;
};

struct ActionView {
    Uuid id;
    ActionKind kind = ActionKind::other;
    /// queued (nothing was sent yet), sending, in_doubt (the answer was lost), accepted (the provider has yet
    /// to finish it), succeeded, failed.
    std::string state;
    Uuid connection_id;
    EntityKind subject_kind = EntityKind::other;
    Uuid subject;
    /// What was made or changed: our id of a document, or the provider's id of a part; empty where nothing is
    /// told.
    std::string object_id;
    /// How often it was sent.
    std::int64_t attempts = 0;
    /// A code of the API's problems and a sentence, where it failed.
    std::string error_code;
    std::string error_detail;
    std::string requested_by;
    Timestamp created_at;
    Timestamp updated_at;
    std::optional<Timestamp> ended_at;
    /// Until then the key stands for this action.
    Timestamp expires_at;
    std::optional<std::int64_t> commit;
};

/// What a key stands for.
struct StoredAction {
    ActionView view;
    std::string fingerprint;
    /// It was stored just now.
    bool is_new = false;
};

/// What an action is to be about, and through whom it could be carried out.
struct ActionTarget {
    struct Holder {
        ConnectionView connection;
        /// JSON texts of the connection's records of the part that was asked for.
        std::vector<std::string> parts;
    };

    std::string provider;
    ProviderEnvironment environment = ProviderEnvironment::other;
    std::string provider_id;
    /// Connections with a live record of it, ordered by id.
    std::vector<Holder> holders;
};

struct ActionTargetQuery {
    EntityKind kind = EntityKind::other;
    Uuid id;
    /// The provider's id of an object that hangs off it; empty where none is asked for.
    std::string part = {};
};

struct ActionQuery {
    std::optional<std::string> state = std::nullopt;
    /// Oldest first; actions after this one.
    std::optional<Uuid> after = std::nullopt;
    std::size_t limit = 50;
};

/// An action that this process is to carry out.
struct ClaimedAction {
    Uuid tenant;
    ActionLease lease;
    ActionView view;
    std::string provider_subject;
    /// Empty once it ended: then all that is left is to ask for a run of its connection.
    std::string sealed_arguments;
    std::int64_t tries = 0;
    /// Since it was asked for, and since it was last sent (none: never), on PostgreSQL's clock.
    std::chrono::seconds age{0};
    std::optional<std::chrono::seconds> since_sent;
    /// The subject's document says that it is closed.
    bool subject_closed = false;
    /// Absent where it is gone or being removed.
    std::optional<ConnectionView> connection;
    std::string sealed_credentials;
    /// The connection's fence at the claim; absent where somebody had its lease then.
    std::optional<std::int64_t> fence;
};

class ActionStore {
  public:
    virtual ~ActionStore() = default;

    /// What the key stands for; nothing where it stands for nothing (any more).
    virtual Task<Result<std::optional<StoredAction>>> action_of_key(Uuid tenant, std::string key_hash) = 0;
    /// Errc::not_found where there is no such entity, of that kind, at present.
    virtual Task<Result<ActionTarget>> action_target(Uuid tenant, ActionTargetQuery query) = 0;
    /// Stores it and makes it due, unless the key stands for another already: then returns that one. The key
    /// is taken for `lasts`.
    virtual Task<Result<StoredAction>> begin_action(Uuid tenant, NewAction action,
                                                    std::chrono::seconds lasts) = 0;
    virtual Task<Result<ActionView>> action(Uuid tenant, Uuid id) = 0;
    virtual Task<Result<std::vector<ActionView>>> actions(Uuid tenant, ActionQuery query) = 0;

    /// Takes one action that is due, of any tenant. Of those about one subject that the provider has not
    /// accepted yet, only the one that was begun first. Nothing where there is none.
    virtual Task<Result<std::optional<ClaimedAction>>> claim_action(Uuid owner,
                                                                    std::chrono::seconds lease) = 0;
    /// The four below: Errc::stale_owner where another owner took over.
    virtual Task<Result<void>> renew_action(Uuid tenant, ActionLease lease, std::chrono::seconds lasts) = 0;
    /// Before the first byte goes out: whoever finds the action from now on has to look before sending.
    virtual Task<Result<void>> begin_sending(Uuid tenant, ActionLease lease) = 0;
    /// Gives the lease back; due again after `pause`, in this state (nothing: as it is).
    virtual Task<Result<void>> put_off_action(Uuid tenant, ActionLease lease,
                                              std::optional<std::string> state,
                                              std::chrono::seconds pause) = 0;
    /// Of one that ended: nothing is left to do.
    virtual Task<Result<void>> finish_action(Uuid tenant, ActionLease lease) = 0;

    /// Deletes what ended and whose key may be used again; returns how many there were.
    virtual Task<Result<std::size_t>> drop_expired_actions() = 0;
};

}  // namespace tributary::domain::ports
