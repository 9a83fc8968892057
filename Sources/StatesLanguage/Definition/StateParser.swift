import AWSModel

extension DefinitionParser {
    mutating func state(
        _ name: String, _ document: DocumentObject, at location: String, graph: inout TransitionGraph
    ) -> StateDefinition? {
        guard let typeName = document.string("Type"), let type = StateType(rawValue: typeName) else {
            if document.contains("Type") {
                let values = StateType.allCases.map(\.rawValue)
                report(
                    "The field 'Type' should have one of these values: [\(values.joined(separator: ", "))]",
                    at: "\(location)/Type",
                    hint: document.string("Type").flatMap { Spelling.hint(for: $0, among: values) })
            } else {
                report(
                    "These fields are required: [Type]", at: location,
                    hint: document.keys.lazy.compactMap { Spelling.hint(for: $0, among: ["Type"]) }.first)
            }
            return nil
        }
        let outerLanguage = usesJSONata
        usesJSONata = document["QueryLanguage"].map { $0 != "JSONPath" } ?? machineUsesJSONata
        defer { usesJSONata = outerLanguage }
        let isMixed = machineUsesJSONata && !usesJSONata
        if isMixed {
            report("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", at: location)
        }
        checkStateFields(document, type, at: location, ofOneLanguage: !isMixed)
        if let language = document["QueryLanguage"] { checkQueryLanguage(language, at: location) }
        checkText(document, "Comment", at: location)
        if !usesJSONata { noteWarnings(document, type, at: location) }
        let transition = transition(name, document, type, at: location, graph: &graph)
        let kind = kind(name, document, type, at: location, graph: &graph)
        let retriers = retriers(document, at: location)
        let catchers = catchers(name, document, at: location, graph: &graph)
        guard let kind else { return nil }
        return StateDefinition(
            type: type, name: name, comment: document.string("Comment"), kind: kind,
            inputPath: pathField(document, "InputPath", at: location),
            outputPath: pathField(document, "OutputPath", at: location),
            parameters: template(
                document, Self.selectorField(document, type, usesJSONata: usesJSONata), at: location),
            resultSelector: document["ResultSelector"]?.isNull == true
                ? nil : template(document, "ResultSelector", at: location),
            resultPath: pathField(document, "ResultPath", at: location, mustBeReference: true),
            assign: assign(document, at: location), output: template(document, "Output", at: location),
            usesJSONata: usesJSONata, transition: transition, retriers: retriers, catchers: catchers,
            document: document)
    }

    private static func selectorField(_ document: DocumentObject, _ type: StateType, usesJSONata: Bool) -> String {
        if type == .map, usesJSONata || document.contains("ItemSelector") { return "ItemSelector" }
        return usesJSONata ? "Arguments" : "Parameters"
    }

    // MARK: Fields

    private static let jsonataOnly: Set<String> = ["Arguments", "Output", "Items"]
    private static let jsonPathOnly: Set<String> = [
        "InputPath", "OutputPath", "Parameters", "ResultSelector", "ResultPath", "ItemsPath", "MaxConcurrencyPath",
        "SecondsPath", "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath", "ErrorPath", "CausePath",
        "Result",
        "ToleratedFailureCountPath", "ToleratedFailurePercentagePath",
    ]

    private mutating func checkStateFields(
        _ document: DocumentObject, _ type: StateType, at location: String, ofOneLanguage: Bool
    ) {
        let other = usesJSONata ? Self.jsonPathOnly : Self.jsonataOnly
        let allowed = Self.allowedFields(type)
        for key in document.keys {
            if !allowed.contains(key) {
                report("Field '\(key)' is not supported", at: location, hint: Spelling.hint(for: key, among: allowed))
            } else if ofOneLanguage, other.contains(key) {
                checkLanguage(ofField: key, in: document, at: location)
            }
        }
    }

    /// A field of the other language than the state's.
    mutating func checkLanguage(ofField key: String, in document: DocumentObject, at location: String) {
        guard document.contains(key) else { return }
        let names = usesJSONata ? ("JSONata", "JSONPath") : ("JSONPath", "JSONata")
        report(
            "The QueryLanguage is set to '\(names.0)', but field '\(key)' is only supported for the '\(names.1)' QueryLanguage",
            at: location)
    }

    private static func allowedFields(_ type: StateType) -> Set<String> {
        var fields: Set<String> = ["Type", "Comment", "QueryLanguage"]
        if type != .fail { fields.formUnion(["InputPath", "OutputPath", "Output"]) }
        if type != .fail, type != .succeed { fields.insert("Assign") }
        if type != .fail, type != .succeed, type != .choice { fields.formUnion(["Next", "End"]) }
        switch type {
        case .task:
            fields.formUnion([
                "Resource", "Parameters", "Arguments", "ResultSelector", "ResultPath", "TimeoutSeconds",
                "TimeoutSecondsPath",
                "HeartbeatSeconds", "HeartbeatSecondsPath", "Credentials", "Retry", "Catch",
            ])
        case .pass: fields.formUnion(["Result", "Parameters", "ResultPath"])
        case .choice: fields.formUnion(["Choices", "Default"])
        case .wait: fields.formUnion(["Seconds", "SecondsPath", "Timestamp", "TimestampPath"])
        case .succeed: break
        case .fail: fields.formUnion(["Error", "ErrorPath", "Cause", "CausePath"])
        case .parallel:
            fields.formUnion(["Branches", "Parameters", "Arguments", "ResultSelector", "ResultPath", "Retry", "Catch"])
        case .map:
            fields.formUnion([
                "ItemProcessor", "Iterator", "ItemsPath", "Items", "ItemSelector", "Parameters", "MaxConcurrency",
                "MaxConcurrencyPath", "ResultSelector", "ResultPath", "Retry", "Catch", "ItemReader", "ItemBatcher",
                "ResultWriter", "ToleratedFailureCount", "ToleratedFailureCountPath", "ToleratedFailurePercentage",
                "ToleratedFailurePercentagePath", "Label",
            ])
        }
        return fields
    }

    private mutating func transition(
        _ name: String, _ document: DocumentObject, _ type: StateType, at location: String, graph: inout TransitionGraph
    ) -> StateDefinition.Transition {
        switch type {
        case .succeed, .fail:
            graph.markTerminal()
            return .end
        case .choice: return .end
        default: break
        }
        switch (document["Next"], document["End"]) {
        case (nil, .bool(true)?):
            graph.markTerminal()
            return .end
        case (let next?, nil):
            guard let target = next.string else {
                report("Expected value of type String", at: "\(location)/Next")
                return .end
            }
            return .next(graph.connect(name, to: target, at: "\(location)/Next"))
        case (nil, nil): report("These fields are required: [Next or End]", at: location)
        case (_?, .bool(true)?): report("Only one of these fields is allowed: [Next, End]", at: location)
        case (let next?, _?):
            if let target = next.string { return .next(graph.connect(name, to: target, at: "\(location)/Next")) }
            report("Expected value of type String", at: "\(location)/Next")
        default: report("Expected value of type Boolean", at: "\(location)/End")
        }
        return .end
    }

    // MARK: Kinds

    private mutating func kind(
        _ name: String, _ document: DocumentObject, _ type: StateType, at location: String,
        graph: inout TransitionGraph
    ) -> StateDefinition.Kind? {
        switch type {
        case .pass: return .pass(result: document["Result"])
        case .succeed: return .succeed
        case .task: return task(document, at: location).map(StateDefinition.Kind.task)
        case .choice: return choice(name, document, at: location, graph: &graph)
        case .wait: return wait(document, at: location).map(StateDefinition.Kind.wait)
        case .fail:
            return .fail(
                error: failText(document, "Error", at: location), cause: failText(document, "Cause", at: location))
        case .parallel: return parallel(document, at: location)
        case .map: return map(document, at: location).map(StateDefinition.Kind.map)
        }
    }

    private mutating func task(_ document: DocumentObject, at location: String) -> TaskDefinition? {
        if document.contains("Credentials") {
            let credentials = document.object("Credentials")
            if credentials?.contains("RoleArn") != true, credentials?.contains("RoleArn.$") != true {
                report("The field 'RoleArn' is required but was missing", at: "\(location)/Credentials")
            }
        }
        guard let value = document["Resource"] else {
            report("These fields are required: [Resource]", at: location)
            return nil
        }
        guard let arn = value.string, let resource = TaskResource(arn: arn) else {
            report(
                "The resource provided \(value.string ?? JSONWriter.string(value)) is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.",
                at: "\(location)/Resource")
            return nil
        }
        if type == .express {
            switch resource {
            case .activity: report("Express state machine does not support Activity ARN", at: "\(location)/Resource")
            case .integration(let integration):
                // AWS: the doubled space is theirs.
                switch integration.pattern {
                case .waitForTaskToken:
                    report(
                        "Express state machine does not support '.waitForTaskToken' service integration ",
                        at: "\(location)/Resource")
                case .sync, .sync2:
                    report(
                        "Express state machine does not support '.sync' service integration", at: "\(location)/Resource"
                    )
                case .requestResponse: break
                }
            case .lambdaFunction: break
            }
        }
        let timeout = seconds(document, "TimeoutSeconds", at: location)
        let heartbeat = seconds(document, "HeartbeatSeconds", at: location)
        if case .seconds(let limit)? = timeout, case .seconds(let beat)? = heartbeat, beat >= limit {
            report("HeartbeatSeconds must be smaller than TimeoutSeconds", at: location)
        }
        return TaskDefinition(
            resource: resource, timeout: timeout, heartbeat: heartbeat,
            credentials: template(document, "Credentials", at: location))
    }

    private mutating func wait(_ document: DocumentObject, at location: String) -> WaitDuration? {
        let fields = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"]
        let given = fields.filter(document.contains)
        guard given.count == 1 else {
            report(
                given.isEmpty
                    ? "One of these fields is required: [\(fields.joined(separator: ", "))]"
                    : "Only one of these fields is allowed: [\(given.joined(separator: ", "))]", at: location)
            return nil
        }
        if usesJSONata, document[given[0]]?.string.map({ $0.hasPrefix("{%") }) == true {
            return template(document, given[0], at: location).map {
                given[0] == "Seconds" ? .secondsExpression($0) : .timestampExpression($0)
            }
        }
        switch given[0] {
        case "Seconds": return positiveInteger(document, "Seconds", at: location, from: 0).map(WaitDuration.seconds)
        case "SecondsPath": return path(document, "SecondsPath", at: location).map(WaitDuration.secondsPath)
        case "TimestampPath": return path(document, "TimestampPath", at: location).map(WaitDuration.timestampPath)
        default:
            guard let instant = document.string("Timestamp").flatMap(Instant.init(iso8601:)) else {
                report("String does not match RFC3339 timestamp", at: "\(location)/Timestamp")
                return nil
            }
            return .timestamp(instant)
        }
    }

    private mutating func failText(_ document: DocumentObject, _ field: String, at location: String) -> FailText? {
        checkOnlyOne(document, [field, "\(field)Path"], at: location)
        checkText(document, field, at: location)
        if usesJSONata { return template(document, field, at: location).map(FailText.expression) }
        if let text = document.string(field) { return .text(text) }
        guard let value = document["\(field)Path"] else { return nil }
        switch value.string.flatMap(PayloadTemplate.computed) {
        case .path(let path)?: return .path(path)
        case .call(let call)?: return .call(call)
        default:
            report("Value is not a valid JSONPath or intrinsic function call", at: "\(location)/\(field)Path")
            return nil
        }
    }

    private mutating func parallel(_ document: DocumentObject, at location: String) -> StateDefinition.Kind? {
        guard let value = document["Branches"] else {
            report("These fields are required: [Branches]", at: location)
            return nil
        }
        guard let branches = value.list, !branches.isEmpty else {
            report(
                value.list == nil ? "Expected value of type Array" : "Value cannot be empty",
                at: "\(location)/Branches")
            return nil
        }
        var ids: [Int] = []
        for (index, value) in branches.enumerated() {
            let branchLocation = "\(location)/Branches[\(index)]"
            guard let branch = value.object else {
                report("Expected value of type Object", at: branchLocation)
                continue
            }
            checkFields(branch, allowed: ["Comment", "StartAt", "States"], at: branchLocation)
            ids.append(workflow(branch, at: branchLocation))
        }
        return .parallel(workflows: ids)
    }

    private mutating func map(_ document: DocumentObject, at location: String) -> MapDefinition? {
        checkOnlyOne(document, ["ItemProcessor", "Iterator"], at: location)
        checkOnlyOne(document, ["ItemSelector", "Parameters"], at: location)
        checkOnlyOne(document, ["ToleratedFailureCount", "ToleratedFailureCountPath"], at: location)
        checkOnlyOne(document, ["ToleratedFailurePercentage", "ToleratedFailurePercentagePath"], at: location)
        let field = document.contains("Iterator") ? "Iterator" : "ItemProcessor"
        guard let value = document[field] else {
            report("These fields are required: [ItemProcessor]", at: location)
            return nil
        }
        guard let processor = value.object else {
            report("Expected value of type Object", at: "\(location)/\(field)")
            return nil
        }
        checkFields(
            processor, allowed: ["Comment", "StartAt", "States", "ProcessorConfig"], at: "\(location)/\(field)")
        let mode = processor.object("ProcessorConfig")?.string("Mode") ?? "INLINE"
        var distributed: DistributedMap?
        if mode == "DISTRIBUTED" {
            distributed = distributedMap(document, processor, at: location)
        } else if mode != "INLINE" {
            report(
                "The field 'Mode' should have one of these values: [INLINE, DISTRIBUTED]",
                at: "\(location)/\(field)/ProcessorConfig/Mode")
        }
        let workflow = workflow(processor, at: "\(location)/\(field)")
        if let value = document["Items"], value.list == nil, value.string.map({ $0.hasPrefix("{%") }) != true {
            report("Expected value of type Array or a JSONata expression", at: "\(location)/Items")
        }
        if let value = document["ItemsPath"], value.isNull {
            report("Value is not a valid JSONPath", at: "\(location)/ItemsPath")
        }
        let itemsPath = document["ItemsPath"]?.isNull == false ? path(document, "ItemsPath", at: location) : nil
        return MapDefinition(
            workflow: workflow, itemsPath: itemsPath, items: template(document, "Items", at: location),
            maxConcurrency: concurrency(document, at: location),
            distributed: distributed)
    }

    private mutating func concurrency(_ document: DocumentObject, at location: String) -> SecondsField? {
        checkOnlyOne(document, ["MaxConcurrency", "MaxConcurrencyPath"], at: location)
        if usesJSONata, document["MaxConcurrency"]?.string != nil {
            return template(document, "MaxConcurrency", at: location).map(SecondsField.expression)
        }
        if let count = positiveInteger(document, "MaxConcurrency", at: location, from: 0) { return .seconds(count) }
        return path(document, "MaxConcurrencyPath", at: location).map(SecondsField.path)
    }
}
