import TerminalUI

/// What can stand at a place of a definition: names of states, fields, values AWS knows, paths.
enum DefinitionCompletion {
    /// What fits at the cursor of a definition, and the text position where what it replaces begins.
    static func offer(in editor: inout TextEditor) {
        let cursor = editor.cursor
        let lines = editor.text.split(separator: "\n", omittingEmptySubsequences: false)
        let before = lines.prefix(cursor.line).reduce(0) { $0 + $1.count + 1 }
        let scan = DefinitionScan(editor.text, at: before + cursor.column)
        let typed = scan.place.typed
        let items = items(scan).map { item in
            var item = item
            if typed == nil { item.text = "\"\(item.text)\"" } else if !scan.place.isClosed { item.text += "\"" }
            if scan.place.kind == .key, !scan.place.hasColon {
                item.text += scan.place.isClosed ? "" : ": "
            }
            return item
        }
        editor.offer(
            items, from: TextPosition(line: cursor.line, column: cursor.column - (typed?.count ?? 0)))
    }

    static func items(_ scan: DefinitionScan) -> [TextCompletion] {
        switch scan.place.kind {
        case .key: keys(scan)
        case .value: values(scan)
        }
    }

    // MARK: Keys

    private static func keys(_ scan: DefinitionScan) -> [TextCompletion] {
        let path = scan.place.path
        let present = Set(scan.keys[path] ?? [])
        return fields(at: path, scan).filter { !present.contains($0.title) }
    }

    private static func fields(at path: [DefinitionPlace.Step], _ scan: DefinitionScan) -> [TextCompletion] {
        let keys = path.map(\.key)
        func list(_ names: [String], _ detail: String) -> [TextCompletion] {
            names.map { TextCompletion($0, detail: detail) }
        }
        if path.isEmpty { return list(DefinitionFields.machine, "machine") }
        // A state: the last key is its name and the one before it is States.
        if keys.count >= 2, keys[keys.count - 2] == "States", keys.last != nil {
            let type = scan.strings[path + [.key("Type")]] ?? ""
            let isJSONata = usesJSONata(path, scan)
            return list(DefinitionFields.state(type: type, isJSONata: isJSONata), type.isEmpty ? "state" : type)
        }
        guard let owner = path.last(where: { $0.key != nil })?.key else { return [] }
        switch owner {
        case "States": return []
        case "Retry": return list(DefinitionFields.retrier, "retrier")
        case "Catch":
            return list(DefinitionFields.catcher + (usesJSONata(path, scan) ? ["Output"] : ["ResultPath"]), "catcher")
        case "Choices", "And", "Or", "Not":
            return list(
                usesJSONata(path, scan) ? ["Condition", "Next", "Assign", "Output", "Comment"] : DefinitionFields.rule,
                "rule")
        case "ItemProcessor", "Iterator": return list(["ProcessorConfig", "StartAt", "States", "Comment"], "workflow")
        case "Branches": return list(["StartAt", "States", "Comment"], "branch")
        case "ProcessorConfig": return list(["Mode", "ExecutionType"], "processor")
        case "ItemReader": return list(["Resource", "ReaderConfig", "Parameters", "Arguments"], "reader")
        case "ReaderConfig":
            return list(["InputType", "CSVHeaderLocation", "CSVHeaders", "CSVDelimiter", "MaxItems"], "reader")
        case "ItemBatcher": return list(["MaxItemsPerBatch", "MaxInputBytesPerBatch", "BatchInput"], "batcher")
        case "ResultWriter": return list(["Resource", "Parameters", "Arguments", "WriterConfig"], "writer")
        case "Parameters", "Arguments":
            let resource = scan.strings[Array(path.dropLast()) + [.key("Resource")]] ?? ""
            return DefinitionFields.parameters(of: resource).map { TextCompletion($0, detail: "parameter") }
        default: return []
        }
    }

    /// AWS: a state's own QueryLanguage counts, else the machine's.
    private static func usesJSONata(_ path: [DefinitionPlace.Step], _ scan: DefinitionScan) -> Bool {
        for length in stride(from: path.count, through: 0, by: -1) {
            if let language = scan.strings[Array(path.prefix(length)) + [.key("QueryLanguage")]] {
                return language == "JSONata"
            }
        }
        return false
    }

    // MARK: Values

    private static func values(_ scan: DefinitionScan) -> [TextCompletion] {
        let path = scan.place.path
        guard let owner = path.last(where: { $0.key != nil })?.key else { return [] }
        switch owner {
        case "Next", "StartAt", "Default": return states(around: path, scan)
        case "Type": return DefinitionFields.types.map { TextCompletion($0.name, detail: $0.what) }
        case "QueryLanguage": return ["JSONPath", "JSONata"].map { TextCompletion($0) }
        case "ErrorEquals": return DefinitionFields.errors.map { TextCompletion($0.name, detail: $0.what) }
        case "Resource":
            let isReader = path.contains { $0.key == "ItemReader" || $0.key == "ResultWriter" }
            return (isReader ? DefinitionFields.stores : DefinitionFields.resources).map {
                TextCompletion($0.name, detail: $0.what)
            }
        case "JitterStrategy": return ["FULL", "NONE"].map { TextCompletion($0) }
        case "Mode": return ["INLINE", "DISTRIBUTED"].map { TextCompletion($0) }
        case "ExecutionType": return ["STANDARD", "EXPRESS"].map { TextCompletion($0) }
        case "InputType": return ["CSV", "JSON", "JSONL", "MANIFEST", "PARQUET"].map { TextCompletion($0) }
        case "CSVHeaderLocation": return ["FIRST_ROW", "GIVEN"].map { TextCompletion($0) }
        default: return paths(owner, scan)
        }
    }

    /// The states one can go to from here: those of the same workflow.
    private static func states(around path: [DefinitionPlace.Step], _ scan: DefinitionScan) -> [TextCompletion] {
        let workflow: [DefinitionPlace.Step]
        if let index = path.lastIndex(of: .key("States")) {
            workflow = Array(path[...index])
        } else {
            workflow = [.key("States")]
        }
        // StartAt stands beside States, not in it.
        let own = path.last == .key("StartAt") ? Array(path.dropLast()) + [.key("States")] : workflow
        let from = own.count < path.count ? path[own.count].key : nil
        return (scan.keys[own] ?? []).filter { $0 != from }.map { name in
            TextCompletion(name, detail: scan.strings[own + [.key(name), .key("Type")]] ?? "")
        }
    }

    /// Paths and functions, where the field or what is typed says that one is meant.
    private static func paths(_ owner: String, _ scan: DefinitionScan) -> [TextCompletion] {
        let typed = scan.place.typed ?? ""
        if usesJSONata(scan.place.path, scan) || typed.hasPrefix("{%") {
            return DefinitionFields.jsonata.map { TextCompletion("{% \($0.name) %}", detail: $0.what) }
        }
        let isPath = owner.hasSuffix(".$") || owner.hasSuffix("Path") || owner == "Variable" || typed.hasPrefix("$")
        guard isPath else { return [] }
        var items = DefinitionFields.context.map { TextCompletion($0.name, detail: $0.what) }
        if owner.hasSuffix(".$") {
            items += DefinitionFields.intrinsics.map { TextCompletion($0 + "()", detail: "function") }
        }
        return items
    }
}
