import AWSModel
import TerminalUI

/// Paths and expressions that fit at a place: what AWS's context object has, the variables that are assigned, and the
/// fields of what the latest execution held there.
struct DefinitionPaths {
    let scan: DefinitionScan
    let samples: DefinitionSamples?

    private var typed: String { scan.place.typed ?? "" }
    private var path: [DefinitionPlace.Step] { scan.place.path }

    // MARK: JSONPath

    func jsonPath(_ owner: String) -> DefinitionOffer {
        let isTemplate = owner.hasSuffix(".$")
        let scope = scope(owner)
        guard let (token, base) = DataPath.typed(at: typed) else {
            // Not within a path: whatever can begin one, after what a function was given already.
            let isInCall = typed.contains("(")
            var items = children(of: "$", in: scope, isJSONata: false) + variables(scope) + context
            if isTemplate { items += DefinitionFields.intrinsics.map { TextCompletion($0 + "()", detail: "function") } }
            let word = typed.reversed().prefix { $0.isPartOfName || $0 == "." }
            return DefinitionOffer(items, typed: isInCall ? String(word.reversed()) : nil, isPart: isInCall)
        }
        let isPart = token.count < typed.count
        guard let base else {
            return DefinitionOffer(
                children(of: "$", in: scope, isJSONata: false) + variables(scope) + context, typed: token,
                isPart: isPart)
        }
        var items = children(of: base, in: scope, isJSONata: false)
        if base.hasPrefix("$$") || (items.isEmpty && base == "$") {
            let known = Set(items.map(\.title))
            items += context.filter { !known.contains($0.title) }
        }
        return DefinitionOffer(items, typed: token, isPart: isPart)
    }

    private var context: [TextCompletion] { DefinitionFields.context.map { TextCompletion($0.name, detail: $0.what) } }

    // MARK: JSONata

    func jsonata() -> DefinitionOffer {
        let scope = scope("")
        let inside = typed.hasPrefix("{%")
        let names = DefinitionFields.jsonata.map { TextCompletion($0.name, detail: $0.what) }
        guard inside else {
            let items = children(of: "$states.input", in: scope, isJSONata: true) + variables(scope) + names
            let whole = items.map { TextCompletion("{% \($0.title) %}", detail: $0.detail, text: "{% \($0.text) %}") }
            return DefinitionOffer(whole, typed: nil)
        }
        guard let (token, base) = DataPath.typed(at: typed) else {
            return DefinitionOffer(variables(scope) + names, typed: "", isPart: true)
        }
        guard let base else { return DefinitionOffer(variables(scope) + names, typed: token, isPart: true) }
        let items = children(of: base, in: scope, isJSONata: true)
        let known = Set(items.map(\.title))
        return DefinitionOffer(
            items + names.filter { $0.title.hasPrefix(base + ".") && !known.contains($0.title) }, typed: token,
            isPart: true)
    }

    // MARK: What is there

    private func variables(_ scope: [String: DocumentValue]) -> [TextCompletion] {
        scope.keys.filter { !["$", "$$", "$states"].contains($0) }.sorted().map {
            let value = scope[$0] ?? .null
            return TextCompletion($0, detail: value == .null ? "variable" : "variable, \(Self.preview(value))")
        }
    }

    /// The fields, or the elements, of what a path leads to.
    private func children(of base: String, in scope: [String: DocumentValue], isJSONata: Bool) -> [TextCompletion] {
        var value = DataPath(base)?.value(in: scope)
        var items: [TextCompletion] = []
        if case .list(let list) = value {
            items.append(TextCompletion("\(base)[0]", detail: list.first.map(Self.preview) ?? "empty"))
            if !isJSONata { items.append(TextCompletion("\(base)[*]", detail: "each of \(list.count)")) }
            // JSONata maps over a list by itself; in JSONPath one says so.
            value = isJSONata ? list.first : nil
        }
        guard let object = value?.object else { return items }
        for (name, value) in object {
            let isPlain = !name.isEmpty && name.allSatisfy(\.isPartOfName)
            let quoted = isJSONata ? "\(base).`\(name)`" : "\(base)['\(name)']"
            items.append(
                TextCompletion(
                    "\(base).\(name)", detail: Self.preview(value), text: isPlain ? "\(base).\(name)" : quoted,
                    goesOn: value.isContainer))
        }
        return items
    }

    static func preview(_ value: DocumentValue) -> String {
        switch value {
        case .object(let object): Quantity.count(object.count, "field")
        case .list(let list): "list of \(list.count)"
        default: JSONWriter.string(value).clipped(to: 24)
        }
    }

    // MARK: What it is that paths lead into

    /// The value behind each root of a path.
    private func scope(_ owner: String) -> [String: DocumentValue] {
        guard let at = stateIndex, let name = path[at].key else { return [:] }
        let state = samples?.states[name]
        let input = samples.flatMap { self.input(ofState: Array(path[...at]), $0) }
        var scope: [String: DocumentValue] = [:]
        for name in assigned(around: at) { scope["$" + name] = DocumentValue.null }
        if let variables = state?.variables {
            for (name, value) in variables { scope["$" + name] = value }
        }
        scope["$"] = data(of: owner, from: at, input: input, state)
        var execution = DocumentObject()
        if let started = samples?.input { execution["Input"] = started }
        var context: DocumentObject = ["Execution": .object(execution)]
        if let item = items(ofMap: Array(path[...at]), input)?.first {
            let holder: DocumentObject = ["Value": item]
            context["Map"] = .object(["Item": .object(holder)])
        }
        scope["$$"] = .object(context)
        var states: DocumentObject = ["context": .object(context)]
        if let input { states["input"] = input }
        if path.contains(where: { $0.key == "Catch" }) {
            states["errorOutput"] = Self.error
        } else if let result = state?.result {
            states["result"] = result
        }
        scope["$states"] = .object(states)
        return scope
    }

    private static let error = DocumentValue.object(["Error": .string("States.ALL"), "Cause": .string("")])

    /// What `$` is in one field of a state. AWS: the input goes through InputPath, Parameters, the work, ResultSelector,
    /// ResultPath and OutputPath in this order; in Assign, `$` is what the work gave.
    private func data(
        of owner: String, from at: Int, input: DocumentValue?, _ state: DefinitionSamples.State?
    ) -> DocumentValue? {
        let fields = path[(at + 1)...].compactMap(\.key)
        if fields.contains("Catch"), fields.contains("Assign") { return Self.error }
        switch fields.first {
        case "InputPath", "ResultPath", "Catch": return input
        case "ResultSelector": return state?.result ?? input
        case "Assign": return state?.result ?? input
        case "OutputPath": return state?.output ?? input
        default:
            let own = scan.strings[Array(path[...at]) + [.key("InputPath")]]
            guard let own, let input, let filter = DataPath(own), filter.root == "$" else { return input }
            return filter.value(in: ["$": input])
        }
    }

    /// Where in the path the innermost state's name stands.
    private var stateIndex: Int? {
        path.indices.dropFirst().last { path[$0].key != nil && path[$0 - 1] == .key("States") }
    }

    /// What a state was given; if it was never reached, what those before it would have handed on.
    private func input(ofState path: [DefinitionPlace.Step], _ samples: DefinitionSamples) -> DocumentValue? {
        var waiting = [path]
        var seen: Set<[DefinitionPlace.Step]> = [path]
        while !waiting.isEmpty {
            let path = waiting.removeFirst()
            guard let name = path.last?.key else { continue }
            if let input = samples.states[name]?.input { return input }
            let workflow = Array(path.dropLast())
            let around = Array(workflow.dropLast())
            if scan.strings[around + [.key("StartAt")]] == name {
                if around.isEmpty { return samples.input }
                if let item = item(inside: around, samples) { return item }
            }
            for before in predecessors(of: name, in: workflow) where seen.insert(before).inserted {
                if let output = before.last?.key.flatMap({ samples.states[$0]?.output }) { return output }
                waiting.append(before)
            }
        }
        return nil
    }

    /// States of a workflow that lead to one.
    private func predecessors(
        of name: String, in workflow: [DefinitionPlace.Step]
    ) -> [[DefinitionPlace.Step]] {
        scan.strings.filter { path, value in
            value == name && path.count > workflow.count && path.starts(with: workflow)
                && [.key("Next"), .key("Default")].contains(path.last)
        }
        .map { Array($0.key.prefix(workflow.count + 1)) }
        .sorted { ($0.last?.key ?? "") < ($1.last?.key ?? "") }
    }

    /// What the first state inside a Map or Parallel state is given: an item, or the same input.
    private func item(inside processor: [DefinitionPlace.Step], _ samples: DefinitionSamples) -> DocumentValue? {
        guard let end = processor.lastIndex(where: { ["ItemProcessor", "Iterator", "Branches"].contains($0.key) })
        else { return nil }
        let owner = Array(processor[..<end])
        let input = self.input(ofState: owner, samples)
        return processor[end].key == "Branches" ? input : items(ofMap: owner, input)?.first
    }

    private func items(ofMap path: [DefinitionPlace.Step], _ input: DocumentValue?) -> [DocumentValue]? {
        guard scan.strings[path + [.key("Type")]] == "Map", let input else { return nil }
        var text = scan.strings[path + [.key("ItemsPath")]] ?? "$"
        if let items = scan.strings[path + [.key("Items")]] {
            text = String(items.dropFirst(2).dropLast(2)).split(separator: " ").joined()
        }
        let scope: [String: DocumentValue] = ["$": input, "$states": .object(["input": input])]
        guard case .list(let list) = DataPath(text)?.value(in: scope) else { return nil }
        return list
    }

    /// Names that any state can have assigned whose variables reach the place: those of its own workflow and of the ones
    /// around it.
    private func assigned(around at: Int) -> [String] {
        scan.keys.flatMap { path, keys -> [String] in
            guard let assign = path.lastIndex(of: .key("Assign")), assign == path.count - 1,
                let states = path[..<assign].lastIndex(of: .key("States")), states < at,
                path[...states].elementsEqual(self.path[...states])
            else { return [] }
            return keys.map { $0.hasSuffix(".$") ? String($0.dropLast(2)) : $0 }
        }
    }
}

extension DocumentValue {
    /// Whether there is something inside to go on to.
    fileprivate var isContainer: Bool {
        switch self {
        case .list, .object: true
        default: false
        }
    }
}

/// What fits at a place, and how much of what stands there it replaces.
struct DefinitionOffer {
    var items: [TextCompletion]
    /// The end of what was typed that an item takes the place of; nil is all of it.
    var typed: String?
    /// It is a part of a longer text, which goes on after it.
    var isPart: Bool

    init(_ items: [TextCompletion], typed: String? = nil, isPart: Bool = false) {
        self.items = items
        self.typed = typed
        self.isPart = isPart
    }
}
