#include "tests/mutants/sources.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <stdexcept>
#include <string_view>

namespace tributary::mutants {

namespace {

struct Literal {
    std::size_t begin = 0;
    std::string text;
};

std::string unescaped(std::string_view body) {
    std::string text;
    for (std::size_t i = 0; i < body.size(); ++i) {
        text += body[i] == '\\' ? body[++i] : body[i];
    }
    return text;
}

/// Past the end of the raw literal whose R is at `at`.
std::size_t take_raw(const std::string& code, std::size_t at, Literal& literal) {
    const std::size_t open = code.find('(', at);
    const std::string close = ")" + code.substr(at + 2, open - at - 2) + "\"";
    const std::size_t end = code.find(close, open);
    if (end == std::string::npos) throw std::runtime_error("a raw literal has no end");
    literal = {at, code.substr(open + 1, end - open - 1)};
    return end + close.size();
}

/// Past the end of what is quoted with the mark at `at`.
std::size_t quoted_end(const std::string& code, std::size_t at) {
    std::size_t end = at + 1;
    while (end < code.size() && code[end] != code[at]) {
        end += code[end] == '\\' ? 2 : 1;
    }
    return end + 1;
}

std::vector<Literal> literals_of(const std::string& code) {
    std::vector<Literal> all;
    for (std::size_t at = 0; at < code.size();) {
        if (code.compare(at, 2, "//") == 0) {
            at = std::min(code.find('\n', at), code.size());
        } else if (code.compare(at, 2, "R\"") == 0) {
            at = take_raw(code, at, all.emplace_back());
        } else if (code[at] == '"') {
            const std::size_t end = quoted_end(code, at);
            all.push_back({at, unescaped(std::string_view(code).substr(at + 1, end - at - 2))});
            at = end;
        } else if (code[at] == '\'' && (at == 0 || std::isdigit(code[at - 1]) == 0)) {
            at = quoted_end(code, at);  // a character; between digits the mark only groups them
        } else {
            ++at;
        }
    }
    return all;
}

/// The constant or function whose definition begins last before `at`.
std::string name_before(const std::string& code, std::size_t at) {
    static const std::regex definition(R"((?:auto|string|Statement|char\*) (\w+)(?:\[\])?\s*(?:[={(]))");
    std::string name = "?";
    const auto end = code.begin() + static_cast<std::ptrdiff_t>(at);
    for (std::sregex_iterator found(code.begin(), end, definition); found != std::sregex_iterator();
         ++found) {
        name = (*found)[1];
    }
    return name;
}

}  // namespace

std::vector<SourceText> tenant_literals(const std::string& folder) {
    std::vector<SourceText> all;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const auto& path = entry.path();
        if (path.extension() != ".cpp" && path.extension() != ".hpp") continue;
        std::ifstream file(path);
        const std::string code{std::istreambuf_iterator<char>(file), {}};
        for (Literal& literal : literals_of(code)) {
            if (!literal.text.contains("tenant_id")) continue;
            all.push_back({path.filename().string() + ": " + name_before(code, literal.begin),
                           std::move(literal.text)});
        }
    }
    if (all.empty()) throw std::runtime_error("no statements in " + folder);
    std::ranges::sort(all, {}, &SourceText::name);
    return all;
}

}  // namespace tributary::mutants
