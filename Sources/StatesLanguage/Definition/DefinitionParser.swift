import AWSModel

/// Turns a definition's document into a ``StateMachineDefinition``, collecting what is wrong on the way.
struct DefinitionParser {
    let source: String
    let type: StateMachineType
    var diagnostics: [Diagnostic] = []
    /// What is valid on AWS and not built here.
    var missingFeatures: [Diagnostic] = []
    var warnings: [Diagnostic] = []
    private var workflows: [Workflow?] = []
    private var placeOfName: [String: String] = [:]
    private var labels: Set<String> = []
    private var depth = 0
    /// AWS has such a limit and does not tell it.
    private static let maximumDepth = 32
    var machineUsesJSONata = false
    /// Whether the state being read is in JSONata.
    var usesJSONata = false

    init(source: String, type: StateMachineType) {
        self.source = source
        self.type = type
    }

    mutating func parse(_ document: DocumentObject) -> ParsedDefinition {
        let document = Self.withLanguageOfStates(document)
        checkFields(
            document, allowed: ["Comment", "StartAt", "States", "Version", "TimeoutSeconds", "QueryLanguage"], at: "/")
        if let language = document["QueryLanguage"] {
            machineUsesJSONata = language != "JSONPath"
            checkQueryLanguage(language, at: "")
        }
        let timeout = positiveInteger(document, "TimeoutSeconds", at: "")
        if let version = document["Version"], version != "1.0" { report("Version must be '1.0'", at: "/Version") }
        checkText(document, "Comment", at: "")
        _ = workflow(document, at: "")
        if diagnostics.isEmpty { diagnostics = missingFeatures }
        guard diagnostics.isEmpty else {
            return ParsedDefinition(definition: nil, diagnostics: diagnostics, warnings: warnings)
        }
        let definition = StateMachineDefinition(
            source: source, comment: document.string("Comment"), timeoutSeconds: timeout,
            workflows: workflows.compactMap { $0 })
        return ParsedDefinition(definition: definition, diagnostics: [], warnings: warnings)
    }

    /// AWS: one of its own sample machines has its `QueryLanguage` inside `States`, and means the whole machine.
    private static func withLanguageOfStates(_ document: DocumentObject) -> DocumentObject {
        guard var states = document.object("States"), let language = states["QueryLanguage"], language.string != nil,
            !document.contains("QueryLanguage")
        else { return document }
        var result = document
        states.remove("QueryLanguage")
        result["States"] = .object(states)
        result["QueryLanguage"] = language
        return result
    }

    // MARK: Workflows

    /// Reads `StartAt` and `States`. Returns the workflow's id.
    mutating func workflow(_ document: DocumentObject, at location: String) -> Int {
        let id = workflows.count
        workflows.append(nil)
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            diagnostics.append(
                Diagnostic(.tooDeeplyNested, "States are nested more than \(Self.maximumDepth) deep", at: location))
            return id
        }
        let missing = ["States", "StartAt"].filter { !document.contains($0) }
        guard missing.isEmpty else {
            report(
                "These fields are required: [\(missing.joined(separator: ", "))]", at: location.isEmpty ? "/" : location
            )
            return id
        }
        guard let states = document.object("States"), !states.isEmpty else {
            report("States must be an object with at least one state", at: "\(location)/States")
            return id
        }
        guard let startAt = document.string("StartAt") else {
            report("Expected value of type String", at: "\(location)/StartAt")
            return id
        }
        let before = diagnostics.count
        let places = Dictionary(uniqueKeysWithValues: zip(states.keys, states.keys.indices))
        var graph = TransitionGraph(names: states.keys, places: places, location: location)
        graph.start(at: startAt)
        var parsed: [StateDefinition] = []
        for (name, value) in states {
            let stateLocation = "\(location)/States/\(name)"
            checkName(name, at: stateLocation)
            guard let state = value.object else {
                report("Expected value of type Object", at: stateLocation)
                continue
            }
            if let definition = self.state(name, state, at: stateLocation, graph: &graph) { parsed.append(definition) }
        }
        if diagnostics.count == before { diagnostics.append(contentsOf: graph.findings) }
        workflows[id] = Workflow(id: id, startAt: places[startAt] ?? 0, states: parsed)
        return id
    }

    private mutating func checkName(_ name: String, at location: String) {
        if name.utf16.count > 80 || name.isEmpty {
            diagnostics.append(
                Diagnostic(
                    .invalidStateName, "State name must be between 1 and 80 characters long", at: location))
        }
        // AWS: names are unique within the whole machine, whatever the nesting.
        if placeOfName.updateValue(location, forKey: name) != nil {
            diagnostics.append(Diagnostic(.duplicateStateName, "Duplicate State name: \(name)", at: location))
        }
    }

    // MARK: Checks

    mutating func report(_ message: String, at location: String, hint: String? = nil) {
        diagnostics.append(Diagnostic(.schemaValidationFailed, message, at: location, hint: hint))
    }

    /// AWS: a label is part of ARNs, and unique within the machine.
    mutating func checkLabel(_ label: String, at location: String) {
        let isPlain = label.unicodeScalars.allSatisfy {
            $0.value > 0x20 && !(0x7F...0x9F).contains($0.value)
                && !"<>{}[]?*\"#%\\^|~`$&,;:/".unicodeScalars.contains($0)
        }
        if label.isEmpty || label.utf16.count > 40 || !isPlain {
            diagnostics.append(
                Diagnostic(
                    .invalidLabelName,
                    "Label must be between 1 and 40 characters long and hold no white space, wildcards, brackets or other special characters",
                    at: location))
        } else if !labels.insert(label).inserted {
            diagnostics.append(Diagnostic(.duplicateLabelName, "Duplicate Label name: \(label)", at: location))
        }
    }

    mutating func lacks(_ feature: String, at location: String) {
        missingFeatures.append(Diagnostic(.notImplemented, "Skua does not run \(feature) yet", at: location))
    }

    mutating func checkFields(_ document: DocumentObject, allowed: Set<String>, at location: String) {
        for key in document.keys where !allowed.contains(key) {
            report("Field '\(key)' is not supported", at: location, hint: Spelling.hint(for: key, among: allowed))
        }
    }

    mutating func checkOnlyOne(_ document: DocumentObject, _ fields: [String], at location: String) {
        let given = fields.filter(document.contains)
        if given.count > 1 {
            report("Only one of these fields is allowed: [\(given.joined(separator: ", "))]", at: location)
        }
    }

    mutating func checkText(_ document: DocumentObject, _ field: String, at location: String) {
        if let value = document[field], value.string == nil {
            report("Expected value of type String", at: "\(location)/\(field)")
        }
    }

    /// AWS: whatever is not JSONPath is taken for JSONata in what else is checked.
    mutating func checkQueryLanguage(_ value: DocumentValue, at location: String) {
        guard let text = value.string else {
            return report("Expected value of type [STRING]", at: "\(location)/QueryLanguage")
        }
        if text != "JSONPath", text != "JSONata" {
            report(
                "Value should be one of the following: [JSONPath, JSONata]", at: "\(location)/QueryLanguage",
                hint: Spelling.hint(for: text, among: ["JSONPath", "JSONata"]))
        }
    }

    /// A whole number from 1 on.
    mutating func positiveInteger(
        _ document: DocumentObject, _ field: String, at location: String, from minimum: Int = 1
    ) -> Int? {
        guard let value = document[field] else { return nil }
        if case .integer(let number) = value, number < minimum {
            report("Minimum value is \(minimum)", at: "\(location)/\(field)")
            return nil
        }
        guard case .integer(let number) = value, number <= 99_999_999 else {
            report("Expected value of type Integer between \(minimum) and 99999999", at: "\(location)/\(field)")
            return nil
        }
        return Int(number)
    }

    /// `FieldSeconds` or `FieldSecondsPath`.
    mutating func seconds(_ document: DocumentObject, _ field: String, at location: String, from minimum: Int = 1)
        -> SecondsField?
    {
        checkOnlyOne(document, [field, "\(field)Path"], at: location)
        if usesJSONata, document[field]?.string != nil {
            return template(document, field, at: location).map(SecondsField.expression)
        }
        if let value = positiveInteger(document, field, at: location, from: minimum) { return .seconds(value) }
        return path(document, "\(field)Path", at: location).map(SecondsField.path)
    }

    mutating func path(_ document: DocumentObject, _ field: String, at location: String) -> JSONPath? {
        guard let value = document[field] else { return nil }
        guard let text = value.string, let path = try? JSONPath(parsing: text) else {
            report("Value is not a valid JSONPath", at: "\(location)/\(field)")
            return nil
        }
        return path
    }

    mutating func pathField(
        _ document: DocumentObject, _ field: String, at location: String, mustBeReference: Bool = false
    ) -> PathField {
        if let value = document[field], value.isNull { return .discard }
        guard let path = path(document, field, at: location) else { return .whole }
        if mustBeReference, !path.isReferencePath {
            report("Value is not a Reference Path", at: "\(location)/\(field)")
        }
        return path.isWholeData ? .whole : .path(path)
    }

    /// - Parameter owner: `Catch[0]/` and the like, before the field's name in messages.
    mutating func template(
        _ document: DocumentObject, _ field: String, at location: String, owner: String = ""
    ) -> PayloadTemplate? {
        guard let value = document[field] else { return nil }
        do throws(PayloadTemplate.Fault) {
            guard usesJSONata else { return try PayloadTemplate(compiling: value) }
            let template = try PayloadTemplate(compilingJSONata: value, field: owner + field)
            for expression in template.expressions {
                checkReferences(
                    of: expression, at: "\(location)/\(expression.field.dropFirst(owner.count))",
                    mayReadErrors: owner.hasPrefix("Catch"))
            }
            return template
        } catch {
            diagnostics.append(Diagnostic(error.code, error.message, at: "\(location)/\(field)\(error.location)"))
            return nil
        }
    }

    /// AWS: no state gives an expression an input as a whole; there are errors to read only where one is caught.
    private mutating func checkReferences(
        of expression: StateExpression, at location: String, mayReadErrors: Bool
    ) {
        for name in expression.contextReferences {
            let message: String
            switch name {
            case "$states.errorOutput":
                if mayReadErrors { continue }
                message = "Field '\(name)' does not exist."
            case "$$": message = "Reference to '$$' is not supported."
            default: message = "Reference to '\(name)' at the top level is not supported."
            }
            diagnostics.append(Diagnostic(.unsupportedJSONataExpression, message, at: location))
        }
    }

    /// AWS: variable names are identifiers of at most 80 characters; `states` is reserved.
    mutating func assign(
        _ document: DocumentObject, at location: String, owner: String = ""
    ) -> PayloadTemplate? {
        guard let value = document["Assign"] else { return nil }
        guard let object = value.object else {
            report("Expected value of type Object", at: "\(location)/Assign")
            return nil
        }
        for key in object.keys {
            let name = key.hasSuffix(".$") ? String(key.dropLast(2)) : key
            let isIdentifier =
                name.unicodeScalars.allSatisfy { PathParser.isVariableScalar($0) || $0 == "-" }
                && name.first?.isNumber == false
            if !isIdentifier || name.utf16.count > 80 || name == "states" {
                report("'\(name)' is not a valid variable name", at: "\(location)/Assign")
            }
        }
        return template(document, "Assign", at: location, owner: owner)
    }
}

/// Who leads to whom among the states of one workflow.
struct TransitionGraph {
    let names: [String]
    let places: [String: Int]
    let location: String
    private var edges: [Int: [Int]] = [:]
    private var starts: [Int] = []
    private var missing: [Diagnostic] = []
    private var hasTerminal = false

    init(names: [String], places: [String: Int], location: String) {
        self.names = names
        self.places = places
        self.location = location
    }

    mutating func start(at name: String) {
        if let place = places[name] {
            starts.append(place)
        } else {
            miss(name, at: "\(location)/StartAt")
        }
    }

    mutating func markTerminal() { hasTerminal = true }

    /// Notes a transition; returns the target's index, 0 where it is missing.
    mutating func connect(_ from: String, to name: String, at location: String) -> Int {
        guard let source = places[from], let target = places[name] else {
            miss(name, at: location)
            return 0
        }
        edges[source, default: []].append(target)
        return target
    }

    private mutating func miss(_ name: String, at location: String) {
        missing.append(Diagnostic(.missingTransitionTarget, "Missing 'Next' target: \(name)", at: location))
    }

    /// AWS: without a terminal state, unreachable ones are not looked for. Only the machine itself needs one.
    var findings: [Diagnostic] {
        guard hasTerminal || !location.isEmpty else {
            return missing + [Diagnostic(.missingEndState, "Workflow has no terminal state", at: nil)]
        }
        var seen = Set(starts)
        var open = starts
        while let place = open.popLast() {
            for target in edges[place] ?? [] where seen.insert(target).inserted { open.append(target) }
        }
        return missing
            + names.indices.filter { !seen.contains($0) }.map {
                Diagnostic(
                    .missingTransitionTarget, "State \"\(names[$0])\" is not reachable.",
                    at: "\(location)/States/\(names[$0])")
            }
    }
}
