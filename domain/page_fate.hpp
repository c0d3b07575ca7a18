// What becomes of a page some of whose objects have no usable key. Pure.
#pragma once

#include <cstddef>

namespace tributary::domain {

enum class PageFate {
    usable,        ///< its objects are committed; those without a key go to quarantine
    failed,        ///< too many have no key to trust the rest: none is committed, the stream ends partial
    key_vanished,  ///< none has its key: the provider calls it something else now, and asking again is vain
};

/// `items` in the page, of which `unusable` have no usable key.
///
/// A missing key costs the object and not its page, so one alone never fails a page, however small that is.
/// From two on, more than one in a hundred do. Where no item of at least two has its key, the key itself is
/// gone.
constexpr PageFate fate_of_page(std::size_t items, std::size_t unusable) {
    if (unusable < 2) {
        return PageFate::usable;
    }
    if (unusable >= items) {
        return PageFate::key_vanished;
    }
    return unusable * 100 > items ? PageFate::failed : PageFate::usable;
}

}  // namespace tributary::domain
