#include "services/api/row_list.hpp"

#include "domain/try.hpp"

namespace tributary::api {

std::string question_of(const RequestContext& context, std::string_view list, std::string_view filters) {
    return to_text(context.principal.tenant) + "\x1f" + std::string(list) + "\x1f" + std::string(filters);
}

domain::Result<std::optional<domain::Uuid>> last_seen(const RequestContext& context,
                                                      const domain::ports::Sealer& sealer,
                                                      std::string_view question) {
    const std::string* token = context.query.find("page_token");
    if (token == nullptr || token->empty()) {
        return std::nullopt;
    }
    TRIBUTARY_TRY_LET(position, read_page_token(sealer, question, *token));
    return position.after;
}

}  // namespace tributary::api
