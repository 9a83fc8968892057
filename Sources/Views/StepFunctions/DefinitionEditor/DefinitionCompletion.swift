import DefinitionText
import TerminalUI

/// What can stand at a place of a definition: names of states, fields, values AWS knows, paths.
enum DefinitionCompletion {
    /// Shows what fits at the cursor of a definition.
    static func offer(in editor: inout TextEditor, _ format: DefinitionText.Format, _ samples: DefinitionSamples?) {
        let cursor = editor.cursor
        let lines = editor.text.split(separator: "\n", omittingEmptySubsequences: false)
        let before = lines.prefix(cursor.line).reduce(0) { $0 + $1.count + 1 }
        let scan = DefinitionScan(editor.text, format, at: before + cursor.column)
        let offer = offer(scan, samples)
        let replaced = offer.typed ?? scan.place.typed ?? ""
        editor.offer(
            offer.items.map { scan.place.written($0, isPart: offer.isPart) },
            from: TextPosition(line: cursor.line, column: cursor.column - replaced.count))
    }

    static func offer(_ scan: DefinitionScan, _ samples: DefinitionSamples? = nil) -> DefinitionOffer {
        switch scan.place.kind {
        case .key: DefinitionOffer(keys(scan))
        case .value: values(scan, samples)
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

    private static func values(_ scan: DefinitionScan, _ samples: DefinitionSamples?) -> DefinitionOffer {
        guard let owner = scan.place.path.last(where: { $0.key != nil })?.key else { return DefinitionOffer([]) }
        if let words = words(owner, scan) { return DefinitionOffer(words) }
        let typed = scan.place.typed ?? ""
        let paths = DefinitionPaths(scan: scan, samples: samples)
        if owner != "Comment", usesJSONata(scan.place.path, scan) || typed.hasPrefix("{%") { return paths.jsonata() }
        let isPath = owner.hasSuffix(".$") || owner.hasSuffix("Path") || owner == "Variable" || typed.hasPrefix("$")
        return isPath ? paths.jsonPath(owner) : DefinitionOffer([])
    }

    /// The words a field takes; nil where it takes any.
    private static func words(_ owner: String, _ scan: DefinitionScan) -> [TextCompletion]? {
        let path = scan.place.path
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
        default: return nil
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
}
