#include "adapters/postgres/json_texts.hpp"

#include "adapters/postgres/db_text.hpp"
#include "adapters/postgres/failure.hpp"

namespace tributary::postgres {

void JsonTexts::add(std::string_view json) {
    constexpr char separator = '\x1f';
    if (json.empty() || json.find(separator) != std::string_view::npos) {
        refuse(domain::Errc::contract, "a JSON text is empty, or holds a control character");
    }
    if (!texts_.empty()) texts_ += separator;
    texts_ += db_text(json);
}

}  // namespace tributary::postgres
