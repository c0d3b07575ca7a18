#include "tests/sandbox/control/faults.hpp"

#include <algorithm>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "tests/sandbox/world/merge_patch.hpp"

namespace tributary::sandbox {

namespace {

/// The page's array: tastytrade's data.items, T-DX's result, Upvest's data.
json::Array* items_of(json::Object& body) {
    for (json::Entry& entry : body) {
        if (entry.key != "data" && entry.key != "result") continue;
        if (json::Array* items = entry.value.if_array()) return items;
        if (json::Object* data = entry.value.if_object()) {
            const auto items = std::ranges::find(*data, "items", &json::Entry::key);
            return items == data->end() ? nullptr : items->value.if_array();
        }
    }
    return nullptr;
}

void drop_item(json::Object& body, std::size_t index) {
    json::Array* items = items_of(body);
    if (items == nullptr || index >= items->size()) return;
    items->erase(items->begin() + static_cast<std::ptrdiff_t>(index));
    const json::Value* meta = json::find(body, "meta");
    if (meta != nullptr && meta->find("count") != nullptr) {
        merge_patch(body, json::Object{{"meta", json::Object{{"count", items->size()}}}});
    }
}

void bend_body(const Fault& fault, HttpReply& reply) {
    if (!fault.drop_item && !fault.merge) return;
    auto parsed = json::parse(reply.body, 4'000'000);
    json::Object* body = parsed ? parsed->root.if_object() : nullptr;
    if (body == nullptr) return;
    if (fault.drop_item) drop_item(*body, *fault.drop_item);
    if (fault.merge) merge_patch(*body, *fault.merge);
    reply.body = json::write(parsed->root);
}

HttpReply made_up(const Fault& fault) {
    HttpReply reply;
    reply.status = *fault.status;
    reply.body = fault.body;
    return reply;
}

}  // namespace

Fault* Faults::find(std::string_view provider, const HttpRequest& request) {
    for (Fault& fault : faults_) {
        const bool matches = fault.provider == provider && request.path.starts_with(fault.path_prefix) &&
                             (fault.method.empty() || fault.method == request.method) &&
                             request.query.find(fault.query_contains) != std::string::npos;
        if (!matches || fault.times == 0) continue;
        if (fault.after > 0) {
            --fault.after;
            continue;
        }
        --fault.times;
        return &fault;
    }
    return nullptr;
}

Exchange Faults::apply(Face& face, const HttpRequest& request) {
    const Fault* fault = find(face.provider(), request);
    if (fault == nullptr) return {.reply = face.answer(request)};
    Exchange exchange{.reply = fault->status ? made_up(*fault) : face.answer(request),
                      .delay = fault->delay,
                      .cut = fault->cut,
                      .truncate_at = fault->truncate_at};
    for (const auto& [name, value] : fault->headers) {
        exchange.reply.fields.add(name, value);
    }
    bend_body(*fault, exchange.reply);
    return exchange;
}

}  // namespace tributary::sandbox
