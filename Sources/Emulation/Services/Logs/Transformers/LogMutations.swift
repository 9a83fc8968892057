import AWSModel
import AWSTypes

/// Processors that change the object which a parser made.
enum LogMutations {
    static func step(_ processor: Logs.Processor) throws(ServiceError) -> LogTransformer.Step {
        if let change = try structure(processor) { return { object, _, origin in change(object, origin) } }
        if let change = try strings(processor) { return { object, _, _ in change(object) } }
        if let put = processor.typeConverter {
            for entry in put.entries where !["integer", "double", "string", "boolean"].contains(entry.type) {
                throw .invalidParameter("The type \(entry.type) of typeConverter is not supported.")
            }
            return { object, _, _ in
                put.entries.reduce(into: object) { object, entry in
                    guard let value = object.value(at: entry.key), let cast = cast(value, entry.type) else { return }
                    object.set(cast, at: entry.key)
                }
            }
        }
        if let put = processor.dateTimeConverter {
            let converter = try DateTimeConversion(put)
            return { object, _, _ in converter.applied(to: object) }
        }
        throw .invalidParameter("The processor has no type.")
    }

    // MARK: Keys

    private static func structure(
        _ processor: Logs.Processor
    ) throws(ServiceError) -> ((DocumentObject, LogTransformer.Origin) -> DocumentObject)? {
        if let put = processor.addKeys {
            return { object, _ in
                put.entries.reduce(into: object) {
                    $0.set(.string($1.value), at: $1.key, overwriting: $1.overwriteIfExists)
                }
            }
        }
        if let put = processor.deleteKeys {
            return { object, _ in put.withKeys.reduce(into: object) { $0.remove(at: $1) } }
        }
        if let put = processor.moveKeys {
            return { object, _ in
                put.entries.reduce(into: object) { move($1.source, to: $1.target, $1.overwriteIfExists, in: &$0) }
            }
        }
        if let put = processor.renameKeys {
            return { object, _ in
                put.entries.reduce(into: object) { move($1.key, to: $1.renameTo, $1.overwriteIfExists, in: &$0) }
            }
        }
        if let put = processor.copyValue {
            return { object, origin in
                put.entries.reduce(into: object) { object, entry in
                    let found =
                        origin.value(of: entry.source).map(DocumentValue.string) ?? object.value(at: entry.source)
                    guard let found else { return }
                    object.set(found, at: entry.target, overwriting: entry.overwriteIfExists)
                }
            }
        }
        if let put = processor.listToMap {
            if put.flatten == true, put.flattenedElement == nil {
                throw .invalidParameter("flattenedElement is required where flatten is true.")
            }
            return { object, _ in listToMap(put, object) }
        }
        return nil
    }

    private static func move(_ source: String, to target: String, _ overwriting: Bool?, in object: inout DocumentObject)
    {
        guard let value = object.value(at: source), overwriting == true || object.value(at: target) == nil else {
            return
        }
        object.remove(at: source)
        object.set(value, at: target)
    }

    /// AWS: elements of one key are a list, or the first or last of them where the map is to be flat.
    private static func listToMap(_ put: Logs.ListToMap, _ object: DocumentObject) -> DocumentObject {
        var map: DocumentObject = [:]
        for element in object.value(at: put.source)?.list ?? [] {
            guard let key = element[put.key]?.plainText,
                let value = put.valueKey.map({ element[$0] }) ?? element
            else { continue }
            if put.flatten == true {
                if put.flattenedElement == "first", map[key] != nil { continue }
                map[key] = value
            } else {
                map[key] = .list((map[key]?.list ?? []) + [value])
            }
        }
        var object = object
        if let target = put.target {
            object.set(.object(map), at: target)
        } else {
            for (key, value) in map { object[key] = value }
        }
        return object
    }

    // MARK: Strings

    private static func strings(
        _ processor: Logs.Processor
    ) throws(ServiceError) -> ((DocumentObject) -> DocumentObject)? {
        if let put = processor.lowerCaseString { return change(put.withKeys) { .string($0.lowercased()) } }
        if let put = processor.upperCaseString { return change(put.withKeys) { .string($0.uppercased()) } }
        if let put = processor.trimString {
            return change(put.withKeys) { text in
                var rest = text.drop(while: \.isWhitespace)
                while rest.last?.isWhitespace ?? false { rest.removeLast() }
                return .string(String(rest))
            }
        }
        if let put = processor.splitString {
            return { object in
                put.entries.reduce(into: object) { object, entry in
                    guard let text = object.value(at: entry.source)?.string, !entry.delimiter.isEmpty else { return }
                    let parts = text.split(separator: entry.delimiter, omittingEmptySubsequences: false)
                    object.set(.list(parts.map { .string(String($0)) }), at: entry.source)
                }
            }
        }
        if let put = processor.substituteString {
            var entries: [(source: String, regex: Regex<AnyRegexOutput>, to: String)] = []
            for entry in put.entries {
                guard let regex = try? Regex(entry.from) else {
                    throw .invalidParameter("The regular expression \(entry.from) of substituteString is not valid.")
                }
                entries.append((entry.source, regex, entry.to))
            }
            return { object in
                entries.reduce(into: object) { object, entry in
                    guard let text = object.value(at: entry.source)?.string else { return }
                    let replaced = text.replacing(entry.regex) { match in filled(entry.to, match.output) }
                    object.set(.string(replaced), at: entry.source)
                }
            }
        }
        return nil
    }

    private static func change(
        _ keys: [String], _ body: @escaping (String) -> DocumentValue
    ) -> (DocumentObject) -> DocumentObject {
        { object in
            keys.reduce(into: object) { object, key in
                if let text = object.value(at: key)?.string { object.set(body(text), at: key) }
            }
        }
    }

    /// `$1` stands for the first group, as in Java.
    private static func filled(_ replacement: String, _ groups: AnyRegexOutput) -> String {
        guard replacement.contains("$") else { return replacement }
        return groups.indices.reversed().reduce(replacement) { text, index in
            text.replacing("$\(index)", with: groups[index].substring ?? "")
        }
    }

    private static func cast(_ value: DocumentValue, _ type: String) -> DocumentValue? {
        let text = value.plainText
        return switch type {
        case "integer": Int64(text).map { .integer($0) } ?? value.double.map { .integer(Int64($0)) }
        case "double": Double(text).map { .number($0) }
        case "boolean": text.lowercased() == "true" ? .bool(true) : text.lowercased() == "false" ? .bool(false) : nil
        default: .string(text)
        }
    }
}
