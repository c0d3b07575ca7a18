// Objects that are read by themselves because somebody wants to see them fresh: who reads them, and when that
// was last done. Shared by all processes; the times are PostgreSQL's.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "domain/error.hpp"
#include "domain/ports/connection_store.hpp"
#include "domain/ports/page_store.hpp"
#include "domain/ports/task.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"

namespace tributary::domain::ports {

struct ObjectClaim {
    enum class Next {
        read,   ///< the caller is to read, under `read`
        wait,   ///< somebody else reads, under `read.claim`
        fresh,  ///< it was read since the time asked for
        run,    ///< single reads cannot bring it up to date now; a run can
    };
    Next next = Next::run;
    ObjectRead read;
    /// The keys of the stream's objects that make up the document; not empty where the caller is to read.
    std::vector<std::string> objects;
    /// What it takes to ask the provider; only where the caller is to read.
    ConnectionView connection;
    std::string sealed_credentials;
};

/// What became of a read that somebody else made.
struct ObjectLook {
    std::int64_t claim = 0;
    bool under_way = false;
};

class ObjectReadStore {
  public:
    virtual ~ObjectReadStore() = default;
    /// One short transaction. Whoever is told to read has `claim_lasts` for it, then it is somebody else's
    /// turn. Next::run where a run of the connection is under way, where the stream has no object of the
    /// document or says something of it with an object that is not its own, and where it has too many.
    /// Errc::not_found where there is no such connection.
    virtual Task<Result<ObjectClaim>> claim_object(Uuid tenant, ObjectKey key, Timestamp not_before,
                                                   std::chrono::seconds claim_lasts) = 0;
    virtual Task<Result<ObjectLook>> look_at_object(Uuid tenant, ObjectKey key) = 0;
    /// The read came to nothing. No effect where the claim is another's by now.
    virtual Task<Result<void>> give_up_object(Uuid tenant, ObjectRead read) = 0;
};

}  // namespace tributary::domain::ports
