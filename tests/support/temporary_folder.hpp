// A folder of a test's own in /tmp, readable by its owner alone; gone with the object.
#pragma once

#include <string>

namespace tributary::tests {

class TemporaryFolder {
  public:
    /// Throws std::runtime_error where /tmp takes none.
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }

    /// Writes a file readable by its owner alone, unless `mode` says otherwise; returns its path.
    [[nodiscard]] std::string file(const std::string& name, const std::string& text,
                                   unsigned mode = 0600) const;

  private:
    std::string path_;
};

}  // namespace tributary::tests
