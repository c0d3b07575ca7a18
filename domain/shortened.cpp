#include "domain/shortened.hpp"

namespace tributary::domain {

std::string shortened(std::string_view text, std::size_t longest) {
    static constexpr std::string_view cut_mark = "...";
    if (text.size() <= longest) {
        return std::string(text);
    }
    const auto continues = [text](std::size_t at) {
        return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
    };
    std::size_t end = longest - cut_mark.size();
    while (end > 0 && continues(end)) {
        --end;
    }
    return std::string(text.substr(0, end)).append(cut_mark);
}

}  // namespace tributary::domain
