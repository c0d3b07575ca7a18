// JSON put together from finished texts, so that stored objects need not be taken apart to be shown.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tributary::sandbox {

/// The second of each pair is JSON already.
std::string joined_object(const std::vector<std::pair<std::string, std::string>>& members);
std::string joined_array(const std::vector<std::string>& elements);

}  // namespace tributary::sandbox
