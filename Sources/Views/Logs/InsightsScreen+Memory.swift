import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

// Queries that were run before, and those that are saved.

extension InsightsScreen {
    mutating func goThroughHistory(_ step: Int) {
        let at = (historyIndex ?? history.count) + step
        guard at < history.count else {
            historyIndex = nil
            return
        }
        historyIndex = max(0, at)
        editor.text = history[max(0, at)]
        problem = nil
    }

    static func recall(_ purpose: Purpose) -> Effect<Message> {
        .work("recall") { context in
            if case .run = purpose {
                let output = try await context.aws.call(Logs.describeQueries, .init(maxResults: 50))
                var seen: Set<String> = []
                return (output.queries ?? []).compactMap { query in
                    guard let text = query.queryString.map(written), seen.insert(text).inserted else { return nil }
                    return Remembered(title: text, query: text, groups: query.logGroupName.map { [$0] } ?? [])
                }
            }
            var found: [Remembered] = []
            var token: String?
            repeat {
                let page = try await context.aws.call(Logs.describeQueryDefinitions, .init(nextToken: token))
                found += (page.queryDefinitions ?? []).map {
                    Remembered(
                        id: $0.queryDefinitionId ?? "", title: $0.name ?? "", query: $0.queryString ?? "",
                        groups: $0.logGroupNames ?? [])
                }
                token = page.nextToken
            } while token != nil && !Task.isCancelled
            return found
        } then: {
            .remembered($0, purpose)
        }
    }

    /// A query as it was typed. AWS lists it as `SOURCE "group" START=… END=… | fields …`.
    private static func written(_ text: String) -> String {
        guard text.hasPrefix("SOURCE "), text.contains(" START="), let bar = text.firstRange(of: " | ") else {
            return text
        }
        return String(text[bar.upperBound...])
    }

    mutating func offer(_ found: [Remembered], _ purpose: Purpose) -> [Effect<Message>] {
        guard !found.isEmpty else {
            if case .run = purpose { return [.toast("No query was run yet", .unknown)] }
            return [.toast("No query is saved yet; save keeps this one", .unknown)]
        }
        offered = found
        let items = found.enumerated().map { index, query in
            MenuItem(
                ActionID(String(index)), Self.oneLine(query.title).clipped(to: 60),
                detail: query.groups.first.map { $0.clippedInMiddle(to: 24) } ?? "")
        }
        switch purpose {
        case .run: return [.menu(Menu("Queries run", items)) { .recalled($0) }]
        case .open: return [.menu(Menu("Saved queries", items)) { .recalled($0) }]
        case .delete: return [.menu(Menu("Delete a saved query", items)) { .forgotten($0) }]
        }
    }

    private static func oneLine(_ text: String) -> String {
        text.split { $0.isNewline }.joined(separator: " ")
    }

    mutating func recall(_ action: ActionID) -> [Effect<Message>] {
        guard let index = Int(action.name), offered.indices.contains(index) else { return [] }
        let chosen = offered[index]
        editor.text = chosen.query
        problem = nil
        saved = chosen.id.isEmpty ? nil : chosen
        if !chosen.groups.isEmpty, !chosen.id.isEmpty || groups.isEmpty { groups = chosen.groups }
        return groups.isEmpty ? [] : run()
    }

    mutating func forget(_ action: ActionID) -> [Effect<Message>] {
        guard let index = Int(action.name), offered.indices.contains(index) else { return [] }
        let chosen = offered[index]
        if saved?.id == chosen.id { saved = nil }
        return [
            .work("forget") { context in
                _ = try await context.aws.call(Logs.deleteQueryDefinition, .init(queryDefinitionId: chosen.id))
            } then: {
                .saved("Deleted \(chosen.title)", $0)
            }
        ]
    }

    var saveForm: Form {
        Form(
            "Save the query", submit: "Save",
            [
                FormField(
                    "name", "Name", value: saved?.title ?? "",
                    hint: "a name of its own; folder/name makes folders in AWS's console", required: true,
                    validate: { text, _ in text.count > 255 ? "At most 255 characters" : nil })
            ])
    }

    func save(_ name: String) -> [Effect<Message>] {
        // The same name replaces what was saved under it.
        let id = saved?.title == name ? saved?.id : nil
        let (query, groups) = (editor.text, groups)
        return [
            .work("save") { context in
                var id = id
                if id == nil {
                    let known = try await context.aws.call(
                        Logs.describeQueryDefinitions, .init(queryDefinitionNamePrefix: name))
                    id = known.queryDefinitions?.first { $0.name == name }?.queryDefinitionId
                }
                _ = try await context.aws.call(
                    Logs.putQueryDefinition,
                    .init(name: name, queryDefinitionId: id, logGroupNames: groups, queryString: query))
            } then: {
                .saved("Saved as \(name)", $0)
            }
        ]
    }
}
