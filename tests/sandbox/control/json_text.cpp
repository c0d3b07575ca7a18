#include "tests/sandbox/control/json_text.hpp"

#include "domain/json/write.hpp"

namespace tributary::sandbox {

std::string joined_object(const std::vector<std::pair<std::string, std::string>>& members) {
    std::string out;
    for (const auto& [key, text] : members) {
        out += out.empty() ? "{" : ",";
        json::write_string(out, key);
        out += ":" + text;
    }
    return out.empty() ? "{}" : out + "}";
}

std::string joined_array(const std::vector<std::string>& elements) {
    std::string out;
    for (const std::string& element : elements) {
        out += out.empty() ? "[" : ",";
        out += element;
    }
    return out.empty() ? "[]" : out + "]";
}

}  // namespace tributary::sandbox
