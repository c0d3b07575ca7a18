#include "tests/faults/mutation.hpp"

#include <array>
#include <vector>

namespace tributary::faults {

namespace {

void collect(json::Value& value, std::vector<json::Object*>& objects) {
    if (json::Object* object = value.if_object()) {
        if (!object->empty()) {
            objects.push_back(object);
        }
        for (json::Entry& entry : *object) {
            collect(entry.value, objects);
        }
    } else if (json::Array* array = value.if_array()) {
        for (json::Value& element : *array) {
            collect(element, objects);
        }
    }
}

json::Value another_type(simulation::Dice& dice) {
    switch (dice.below(6)) {
        case 0:
            return true;
        case 1:
            return json::Number{"-1.5e3"};
        case 2:
            return "text";
        case 3:
            return json::Array{json::Object{}, "x"};
        case 4:
            return json::Object{{"inner", json::Array{}}};
        default:
            return {};
    }
}

bool names_something(const std::string& key) {
    return key == "id" || key.ends_with("Id") || key.ends_with("_id") || key.ends_with("-id") ||
           key.ends_with("number") || key == "next";
}

void change(json::Object& object, simulation::Dice& dice) {
    const std::size_t at = dice.below(object.size());
    json::Entry& entry = object[at];
    switch (dice.below(6)) {
        case 0:
            json::set(object, "brand_new_field", another_type(dice));
            break;
        case 1:
            object.erase(object.begin() + static_cast<std::ptrdiff_t>(at));
            break;
        case 2:
            entry.value = another_type(dice);
            break;
        case 3:
            // Another id is another object, and a cursor is only what it says.
            if (!names_something(entry.key)) {
                entry.value = "SOMETHING_NOBODY_DOCUMENTED";
            }
            break;
        case 4:
            entry.key += "_renamed";
            break;
        default:
            entry.value = json::Value();
            break;
    }
}

}  // namespace

void mutate(json::Value& root, simulation::Dice& dice) {
    const std::size_t changes = 1 + dice.below(3);
    for (std::size_t i = 0; i < changes; ++i) {
        std::vector<json::Object*> objects;
        collect(root, objects);
        if (objects.empty()) {
            return;
        }
        change(*objects[dice.below(objects.size())], dice);
    }
}

}  // namespace tributary::faults
