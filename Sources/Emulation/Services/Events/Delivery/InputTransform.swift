import AWSModel
import AWSTypes

/// What of an event a target gets: all of it, a constant, a part, or what a template makes of it.
enum InputTransform {
    private static let predefined: Set<String> = [
        "aws.events.rule-arn", "aws.events.rule-name", "aws.events.event.ingestion-time", "aws.events.event",
        "aws.events.event.json",
    ]

    static func check(_ transformer: Events.InputTransformer, targetID: String) throws(ServiceError) {
        let paths = transformer.inputPathsMap ?? [:]
        for (name, path) in paths.sorted(by: { $0.key < $1.key }) {
            guard EventPath(path) != nil, !name.hasPrefix("aws.") else {
                throw .validation("InputPath for target \(targetID) is not valid.")
            }
        }
        for placeholder in placeholders(in: transformer.inputTemplate)
        where paths[placeholder] == nil && !predefined.contains(placeholder) {
            throw .validation("InputTemplate for target \(targetID) contains invalid placeholder \(placeholder).")
        }
    }

    private static func placeholders(in template: String) -> [String] {
        var names: [String] = []
        _ = rewrite(template) { name, _ in
            names.append(name)
            return ""
        }
        return names
    }

    static func body(_ target: Events.Target, _ event: BusEvent, _ rule: EventRule) -> String {
        if let input = target.input { return input }
        let document = DocumentValue.object(event.document)
        if let path = target.inputPath {
            return JSONWriter.string(EventPath(path)?.value(in: document) ?? .object([:]))
        }
        guard let transformer = target.inputTransformer else { return JSONWriter.string(document) }
        var values: [String: DocumentValue] = [:]
        for (name, path) in transformer.inputPathsMap ?? [:] { values[name] = EventPath(path)?.value(in: document) }
        values["aws.events.rule-arn"] = .string(rule.arn)
        values["aws.events.rule-name"] = .string(rule.name)
        values["aws.events.event.ingestion-time"] = .string(event.ingested.iso8601())
        values["aws.events.event"] = .object(withoutDetail(event))
        values["aws.events.event.json"] = document
        return rewrite(transformer.inputTemplate) { name, isInText in
            text(values[name], isInText: isInText)
        }
    }

    /// AWS: `<aws.events.event>` is the event without its detail, its fields in another order, one under another name.
    private static func withoutDetail(_ event: BusEvent) -> DocumentObject {
        let document = event.document
        var result = DocumentObject()
        for name in ["id", "account", "detail-type", "time", "source", "region", "resources", "version"] {
            if let value = document[name] { result.append(name == "detail-type" ? "detailType" : name, value) }
        }
        return result
    }

    /// AWS: within quotes a value is text, and an object's own quotes go; outside it is JSON.
    static func text(_ value: DocumentValue?, isInText: Bool) -> String {
        guard let value else { return isInText ? "" : "\"\"" }
        guard isInText else { return JSONWriter.string(value) }
        switch value {
        case .string(let text): return String(JSONWriter.string(.string(text)).dropFirst().dropLast())
        case .object, .list: return JSONWriter.string(value).filter { $0 != "\"" }
        default: return JSONWriter.string(value)
        }
    }

    /// Replaces each `<name>`, telling whether it stands within quotes.
    static func rewrite(_ template: String, _ value: (_ name: String, _ isInText: Bool) -> String) -> String {
        var result = ""
        var isInText = false
        var rest = Substring(template)
        while let character = rest.first {
            if character == "\\", isInText, rest.count > 1 {
                result += rest.prefix(2)
                rest = rest.dropFirst(2)
                continue
            }
            if character == "\"" { isInText.toggle() }
            if character == "<", let end = rest.firstIndex(of: ">") {
                let name = rest[rest.index(after: rest.startIndex)..<end]
                if !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "._-$[]*'".contains($0) }) {
                    result += value(String(name), isInText)
                    rest = rest[rest.index(after: end)...]
                    continue
                }
            }
            result.append(character)
            rest = rest.dropFirst()
        }
        return result
    }
}
