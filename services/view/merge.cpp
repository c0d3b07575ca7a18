#include "services/view/merge.hpp"

#include <algorithm>
#include <vector>

#include "domain/json/codec.hpp"

namespace tributary::view {

using domain::Profile;

namespace {

/// Merging across providers: a value beats absence and null alike.
struct Merge {
    template <class T>
    void operator()(domain::Field<T>& mine, const domain::Field<T>& theirs) const {
        if (!mine.has_value() && !theirs.is_absent() && (theirs.has_value() || mine.is_absent())) {
            mine = theirs;
        }
    }

    template <class T>
    void operator()(std::vector<T>& mine, const std::vector<T>& theirs) const {
        if (mine.empty()) {
            mine = theirs;
        }
    }

    template <domain::Described T>
    void operator()(T& mine, const T& theirs) const {
        domain::for_each_member_pair(mine, theirs,
                                     [this](std::string_view, auto& m, const auto& t) { (*this)(m, t); });
    }
};

template <class T>
json::Object shown(std::string_view field, const T& value) {
    json::Object object;
    json::append_member(object, field, value);
    return object;
}

class Merging {
  public:
    Merging(std::span<const MemberProfile> members, const domain::Precedence& precedence,
            const MergeObserver& observer)
        : precedence_(precedence), observer_(observer) {
        for (const MemberProfile& member : members) {
            newest_first_.push_back(&member);
        }
        std::ranges::sort(newest_first_,
                          [](const MemberProfile* a, const MemberProfile* b) { return is_newer(*a, *b); });
    }

    Profile run() {
        Profile::members([this](const auto&... m) { (merge(m.name, m.pointer), ...); });
        return std::move(merged_);
    }

  private:
    template <class T>
    void merge(std::string_view field, T Profile::* pointer) {
        if (std::ranges::find(domain::merged_fields(), field) == domain::merged_fields().end()) {
            return;
        }
        std::vector<const MemberProfile*> order = newest_first_;
        std::ranges::sort(order, [&](const MemberProfile* a, const MemberProfile* b) {
            const std::size_t left = precedence_.rank(field, a->anchor.provider);
            const std::size_t right = precedence_.rank(field, b->anchor.provider);
            return left != right ? left < right : is_newer(*a, *b);
        });
        T& mine = merged_.*pointer;
        for (const MemberProfile* member : order) {
            const T& theirs = member->profile.*pointer;
            if (!observer_) {
                Merge{}(mine, theirs);
                continue;
            }
            const json::Object before = shown(field, mine);
            Merge{}(mine, theirs);
            observer_({field, *member, before, shown(field, theirs), shown(field, mine)});
        }
    }

    const domain::Precedence& precedence_;
    const MergeObserver& observer_;
    std::vector<const MemberProfile*> newest_first_;
    Profile merged_;
};

}  // namespace

bool is_newer(const MemberProfile& a, const MemberProfile& b) {
    const auto rank = [](const MemberProfile& m) {
        const auto& at = m.profile.source_updated_at;
        return std::pair(at.has_value() ? -at.value().time_since_epoch().count() : 0, m.anchor.id);
    };
    return rank(a) < rank(b);
}

Profile merged_profile(std::span<const MemberProfile> members, const domain::Precedence& precedence,
                       const MergeObserver& observer) {
    return Merging(members, precedence, observer).run();
}

}  // namespace tributary::view
