import AWSModel

extension DefinitionParser {
    mutating func choice(
        _ name: String, _ document: DocumentObject, at location: String, graph: inout TransitionGraph
    ) -> StateDefinition.Kind? {
        guard let value = document["Choices"] else {
            report("These fields are required: [Choices]", at: location)
            return nil
        }
        guard let choices = value.list, !choices.isEmpty else {
            report("Choices must be an array with at least one rule", at: "\(location)/Choices")
            return nil
        }
        var branches: [ChoiceBranch] = []
        for (index, value) in choices.enumerated() {
            let ruleLocation = "\(location)/Choices[\(index)]"
            guard let rule = value.object else {
                report("Expected value of type Object", at: ruleLocation)
                continue
            }
            guard let target = rule.string("Next") else {
                report("These fields are required: [Next]", at: ruleLocation)
                continue
            }
            let next = graph.connect(name, to: target, at: "\(ruleLocation)/Next")
            if usesJSONata {
                checkFields(rule, allowed: ["Condition", "Next", "Comment", "Assign", "Output"], at: ruleLocation)
                guard rule.contains("Condition") else {
                    report("These fields are required: [Condition]", at: ruleLocation)
                    continue
                }
                let owner = "Choices[\(index)]/"
                guard let condition = template(rule, "Condition", at: ruleLocation, owner: owner) else { continue }
                branches.append(
                    ChoiceBranch(
                        condition: .expression(condition), next: next,
                        assign: assign(rule, at: ruleLocation, owner: owner),
                        output: template(rule, "Output", at: ruleLocation, owner: owner)))
            } else if let condition = condition(rule, isTop: true, at: ruleLocation) {
                branches.append(
                    ChoiceBranch(condition: condition, next: next, assign: assign(rule, at: ruleLocation), output: nil))
            }
        }
        var defaultState: Int?
        if let value = document["Default"] {
            if let target = value.string {
                defaultState = graph.connect(name, to: target, at: "\(location)/Default")
            } else {
                report("Expected value of type String", at: "\(location)/Default")
            }
        }
        return .choice(rules: branches, defaultState: defaultState)
    }

    private mutating func condition(_ rule: DocumentObject, isTop: Bool, at location: String) -> ChoiceCondition? {
        let extra: Set<String> = isTop ? ["Variable", "Comment", "Next", "Assign"] : ["Variable", "Comment"]
        let operators = rule.keys.filter { !extra.contains($0) }
        guard operators.count == 1, let name = operators.first, let operand = rule[name] else {
            report(
                operators.isEmpty
                    ? "A choice rule needs an operator"
                    : "Only one of these fields is allowed: [\(operators.joined(separator: ", "))]",
                at: location)
            return nil
        }
        switch name {
        case "And", "Or":
            guard let list = operand.list, !list.isEmpty else {
                report("Expected value of type Array with at least one rule", at: "\(location)/\(name)")
                return nil
            }
            var conditions: [ChoiceCondition] = []
            for (index, value) in list.enumerated() {
                guard let inner = value.object else {
                    report("Expected value of type Object", at: "\(location)/\(name)[\(index)]")
                    continue
                }
                if let condition = condition(inner, isTop: false, at: "\(location)/\(name)[\(index)]") {
                    conditions.append(condition)
                }
            }
            return name == "And" ? .all(conditions) : .any(conditions)
        case "Not":
            guard let inner = operand.object else {
                report("Expected value of type Object", at: "\(location)/Not")
                return nil
            }
            return condition(inner, isTop: false, at: "\(location)/Not").map(ChoiceCondition.not)
        default:
            guard rule.contains("Variable") else {
                report("These fields are required: [Variable]", at: location)
                return nil
            }
            guard let variable = path(rule, "Variable", at: location) else { return nil }
            return comparison(name, operand, variable, at: location)
        }
    }

    private mutating func comparison(
        _ name: String, _ operand: DocumentValue, _ variable: JSONPath, at location: String
    ) -> ChoiceCondition? {
        if let test = ChoiceCondition.TypeTest(rawValue: name) {
            guard let expected = operand.bool else {
                report("Expected value of type Boolean", at: "\(location)/\(name)")
                return nil
            }
            return .test(variable, test, expected: expected)
        }
        if name == "StringMatches" {
            guard let pattern = operand.string else {
                report("Expected value of type String", at: "\(location)/\(name)")
                return nil
            }
            return .matches(variable, pattern: pattern)
        }
        let isPath = name.hasSuffix("Path")
        let bare = isPath ? String(name.dropLast(4)) : name
        guard let kind = ChoiceCondition.Kind.allCases.first(where: { bare.hasPrefix($0.rawValue) }),
            let relation = ChoiceCondition.Relation(rawValue: String(bare.dropFirst(kind.rawValue.count))),
            kind != .boolean || relation == .equals
        else {
            report("Field '\(name)' is not supported", at: location)
            return nil
        }
        let comparison = ChoiceCondition.Comparison(kind: kind, relation: relation)
        if isPath {
            guard let text = operand.string, let path = try? JSONPath(parsing: text) else {
                report("Value is not a valid JSONPath", at: "\(location)/\(name)")
                return nil
            }
            return .compare(variable, comparison, .path(path))
        }
        let fits =
            switch kind {
            case .string: operand.string != nil
            case .numeric: operand.double != nil
            case .boolean: operand.bool != nil
            case .timestamp: operand.string.flatMap(Instant.init(iso8601:)) != nil
            }
        guard fits else {
            report(
                kind == .timestamp
                    ? "String does not match RFC3339 timestamp" : "Expected value of type \(kind.rawValue)",
                at: "\(location)/\(name)")
            return nil
        }
        return .compare(variable, comparison, .literal(operand))
    }
}
