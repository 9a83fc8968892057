import AWSModel

extension DefinitionParser {
    mutating func retriers(_ document: DocumentObject, at location: String) -> [Retrier] {
        var retriers: [Retrier] = []
        for (retry, at, names) in handlers(document, "Retry", at: location) {
            checkFields(
                retry,
                allowed: [
                    "Comment", "ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds",
                    "JitterStrategy",
                ],
                at: at)
            var rate = 2.0
            if let value = retry["BackoffRate"] {
                if let number = value.double, number >= 1 {
                    rate = number
                } else {
                    report("Expected value of type Number of at least 1.0", at: "\(at)/BackoffRate")
                }
            }
            if let value = retry["JitterStrategy"], value != "FULL", value != "NONE" {
                report(
                    "The field 'JitterStrategy' should have one of these values: [FULL, NONE]",
                    at: "\(at)/JitterStrategy")
            }
            let interval = positiveInteger(retry, "IntervalSeconds", at: at)
            let maximum = positiveInteger(retry, "MaxDelaySeconds", at: at)
            if let maximum, maximum > 31_622_400 {
                report("MaxDelaySeconds must not exceed 31622400", at: "\(at)/MaxDelaySeconds")
            }
            retriers.append(
                Retrier(
                    errorEquals: names, intervalSeconds: interval ?? 1,
                    maxAttempts: positiveInteger(retry, "MaxAttempts", at: at, from: 0) ?? 3, backoffRate: rate,
                    maxDelaySeconds: maximum, hasFullJitter: retry["JitterStrategy"] == "FULL", document: retry))
        }
        return retriers
    }

    mutating func catchers(
        _ name: String, _ document: DocumentObject, at location: String, graph: inout TransitionGraph
    ) -> [Catcher] {
        var catchers: [Catcher] = []
        for (index, (handler, at, names)) in handlers(document, "Catch", at: location).enumerated() {
            checkFields(handler, allowed: ["Comment", "ErrorEquals", "Next", "ResultPath", "Assign", "Output"], at: at)
            checkLanguage(ofField: usesJSONata ? "ResultPath" : "Output", in: handler, at: at)
            guard let target = handler.string("Next") else {
                report("These fields are required: [Next]", at: at)
                continue
            }
            catchers.append(
                Catcher(
                    errorEquals: names, next: graph.connect(name, to: target, at: "\(at)/Next"),
                    resultPath: pathField(handler, "ResultPath", at: at, mustBeReference: true),
                    assign: assign(handler, at: at, owner: "Catch[\(index)]/"),
                    output: usesJSONata ? template(handler, "Output", at: at, owner: "Catch[\(index)]/") : nil))
        }
        return catchers
    }

    /// The entries of `Retry` or `Catch` with their error names.
    /// AWS: `States.ALL` stands alone, in the last entry.
    private mutating func handlers(
        _ document: DocumentObject, _ field: String, at location: String
    ) -> [(DocumentObject, String, [String])] {
        guard let value = document[field] else { return [] }
        guard let list = value.list else {
            report("Expected value of type Array", at: "\(location)/\(field)")
            return []
        }
        var found: [(DocumentObject, String, [String])] = []
        for (index, value) in list.enumerated() {
            let at = "\(location)/\(field)[\(index)]"
            guard let handler = value.object else {
                report("Expected value of type Object", at: at)
                continue
            }
            guard let names = handler.strings("ErrorEquals"), !names.isEmpty else {
                report(
                    handler.contains("ErrorEquals")
                        ? "ErrorEquals must be an array with at least one error name"
                        : "These fields are required: [ErrorEquals]", at: at)
                continue
            }
            if names.contains("States.ALL") {
                if names.count > 1 { report("States.ALL must appear alone in ErrorEquals", at: "\(at)/ErrorEquals") }
                if index < list.count - 1 {
                    report("States.ALL must appear in the last entry of \(field)", at: "\(at)/ErrorEquals")
                }
            }
            found.append((handler, at, names))
        }
        return found
    }
}
