#include "domain/json/parse.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace tributary::json {

namespace {

namespace bj = boost::json;

/// Receives Boost.JSON's parse events and builds our tree; the only place that sees a number's own text.
class TreeBuilder {
  public:
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    explicit TreeBuilder(std::size_t max_values) : left_(max_values) {}

    Parsed take() { return {std::move(root_), std::move(duplicates_)}; }

    bool on_document_begin(bj::error_code&) { return true; }

    bool on_document_end(bj::error_code&) { return true; }

    bool on_object_begin(bj::error_code& ec) { return open(Object{}, ec); }

    bool on_object_end(std::size_t, bj::error_code& ec) { return close(ec); }

    bool on_array_begin(bj::error_code& ec) { return open(Array{}, ec); }

    bool on_array_end(std::size_t, bj::error_code& ec) { return close(ec); }

    bool on_key_part(bj::string_view part, std::size_t, bj::error_code&) { return append(part); }

    bool on_key(bj::string_view part, std::size_t, bj::error_code&) {
        append(part);
        stack_.back().key = std::exchange(text_, {});
        return true;
    }

    bool on_string_part(bj::string_view part, std::size_t, bj::error_code&) { return append(part); }

    bool on_string(bj::string_view part, std::size_t, bj::error_code& ec) {
        append(part);
        return add(Value(std::exchange(text_, {})), ec);
    }

    bool on_number_part(bj::string_view part, bj::error_code&) { return append(part); }

    bool on_int64(std::int64_t, bj::string_view part, bj::error_code& ec) { return number(part, ec); }

    bool on_uint64(std::uint64_t, bj::string_view part, bj::error_code& ec) { return number(part, ec); }

    bool on_double(double, bj::string_view part, bj::error_code& ec) { return number(part, ec); }

    bool on_bool(bool value, bj::error_code& ec) { return add(Value(value), ec); }

    bool on_null(bj::error_code& ec) { return add(Value(), ec); }

    bool on_comment_part(bj::string_view, bj::error_code&) { return true; }

    bool on_comment(bj::string_view, bj::error_code&) { return true; }

  private:
    struct Level {
        Value container;
        std::string key;
        /// Where every key so far stands, once the object has more than a few.
        std::unordered_map<std::string, std::size_t> keys;
    };

    static constexpr std::size_t small_object = 64;

    bool append(bj::string_view part) {
        text_.append(part.data(), part.size());
        return true;
    }

    bool number(bj::string_view part, bj::error_code& ec) {
        append(part);
        return add(Value(Number{std::exchange(text_, {})}), ec);
    }

    bool count(bj::error_code& ec) {
        if (left_ == 0) {
            ec = bj::error::array_too_large;
            return false;
        }
        --left_;
        return true;
    }

    bool open(Value container, bj::error_code& ec) {
        if (!count(ec)) {
            return false;
        }
        stack_.push_back({std::move(container), {}, {}});
        return true;
    }

    bool close(bj::error_code&) {
        Value done = std::move(stack_.back().container);
        stack_.pop_back();
        place(std::move(done));
        return true;
    }

    bool add(Value value, bj::error_code& ec) {
        if (!count(ec)) {
            return false;
        }
        place(std::move(value));
        return true;
    }

    void place(Value value) {
        if (stack_.empty()) {
            root_ = std::move(value);
            return;
        }
        Level& level = stack_.back();
        if (Array* array = level.container.if_array()) {
            array->push_back(std::move(value));
            return;
        }
        Object& object = *level.container.if_object();
        if (Entry* const earlier = entry_of(level, object)) {
            if (duplicates_.size() < most_duplicates) {
                duplicates_.push_back(pointer_to(level.key));
            }
            earlier->value = std::move(value);
            return;
        }
        if (object.size() >= small_object) {
            level.keys.emplace(level.key, object.size());
        }
        object.push_back({std::exchange(level.key, {}), std::move(value)});
    }

    /// The entry that has the present key already, or nullptr. Looks through the few members of a usual
    /// object; keeps an index of a large one, so that a hostile object of a hundred thousand members,
    /// repeated or not, costs no more than its length.
    static Entry* entry_of(Level& level, Object& object) {
        if (object.size() < small_object) {
            const auto found = std::ranges::find(object, level.key, &Entry::key);
            return found == object.end() ? nullptr : &*found;
        }
        if (level.keys.empty()) {
            for (std::size_t i = 0; i < object.size(); ++i) {
                level.keys.emplace(object[i].key, i);
            }
        }
        const auto found = level.keys.find(level.key);
        return found == level.keys.end() ? nullptr : &object[found->second];
    }

    [[nodiscard]] std::string pointer_to(const std::string& key) const {
        std::string pointer;
        for (std::size_t i = 0; i + 1 < stack_.size(); ++i) {
            const Array* array = stack_[i].container.if_array();
            pointer = domain::pointer_step(pointer,
                                           array != nullptr ? std::to_string(array->size()) : stack_[i].key);
        }
        return domain::pointer_step(pointer, key);
    }

    std::size_t left_;
    Value root_;
    std::vector<Level> stack_;
    std::string text_;
    std::vector<std::string> duplicates_;
};

}  // namespace

domain::Result<Parsed> parse(std::string_view text, std::size_t max_values, std::size_t max_depth) {
    bj::parse_options options;
    options.max_depth = max_depth;
    bj::basic_parser<TreeBuilder> parser(options, max_values);
    bj::error_code ec;
    const std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
    if (ec) {
        return domain::fail(domain::Errc::contract, "The text is not valid JSON: " + ec.message() +
                                                        " near byte " + std::to_string(used) + ".");
    }
    if (used != text.size()) {
        return domain::fail(domain::Errc::contract, "The text goes on after the JSON value ends at byte " +
                                                        std::to_string(used) + ".");
    }
    return parser.handler().take();
}

}  // namespace tributary::json
