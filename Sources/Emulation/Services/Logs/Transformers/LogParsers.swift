import AWSModel
import AWSTypes
import Foundation

/// Processors that take a text apart. AWS: without a source they read the whole line.
enum LogParsers {
    /// Nil for processors of another kind.
    static func step(_ processor: Logs.Processor) throws(ServiceError) -> LogTransformer.Step? {
        if let put = processor.parseJSON {
            return step(put.source, put.destination) { (try? JSONReader.parse($0))?.object }
        }
        if let put = processor.parseKeyValue { return keyValues(put) }
        if let put = processor.csv { return try columns(put) }
        if let put = processor.grok {
            let pattern = try GrokPattern(put.match)
            return { object, message, _ in
                guard let text = text(put.source, object, message), let found = pattern.values(in: text) else {
                    return nil
                }
                return found.reduce(into: object) { $0.set($1.value, at: $1.path) }
            }
        }
        if let put = processor.parseVPC { return step(put.source, nil) { fields($0, vpcFields, separator: " ") } }
        if let put = processor.parseCloudfront {
            return step(put.source, nil) { line in
                fields(line, cloudfrontFields, separator: "\t").map { found in
                    DocumentObject(found.map { ($0, decoded($1)) })
                }
            }
        }
        if let put = processor.parseRoute53 {
            return step(put.source, nil) { fields($0, route53Fields, separator: " ") }
        }
        if let put = processor.parsePostgres { return try postgres(put) }
        for (name, isAsked) in [
            ("parseWAF", processor.parseWAF != nil), ("parseToOCSF", processor.parseToOCSF != nil),
        ] where isAsked {
            throw .notImplemented(service: Logs.id, operation: "the processor \(name)")
        }
        return nil
    }

    private static func text(_ source: String?, _ object: DocumentObject, _ message: String) -> String? {
        guard let source, source != "@message" else { return message }
        return object.value(at: source)?.string
    }

    /// A step that puts what it finds at the destination, or at the root.
    private static func step(
        _ source: String?, _ destination: String?, _ read: @escaping (String) -> DocumentObject?
    ) -> LogTransformer.Step {
        { object, message, _ in
            guard let text = text(source, object, message), let found = read(text) else { return nil }
            var object = object
            if let destination {
                object.set(.object(found), at: destination)
            } else {
                for (key, value) in found { object[key] = value }
            }
            return object
        }
    }

    // MARK: parseKeyValue

    private static func keyValues(_ put: Logs.ParseKeyValue) -> LogTransformer.Step {
        let between = put.fieldDelimiter ?? "&"
        let inside = put.keyValueDelimiter ?? "="
        return { object, message, _ in
            guard let text = text(put.source, object, message) else { return nil }
            var object = object
            let start = put.destination.map { "\($0)." } ?? ""
            for field in text.split(separator: between) {
                let parts = field.split(separator: inside, maxSplits: 1, omittingEmptySubsequences: false)
                let key = parts[0].trimmingSpaces
                guard !key.isEmpty, parts.count == 2 || put.nonMatchValue != nil else { continue }
                let value = parts.count == 2 ? parts[1].trimmingSpaces : put.nonMatchValue ?? ""
                object.set(
                    .string(value), at: "\(start)\(put.keyPrefix ?? "")\(key)", overwriting: put.overwriteIfExists)
            }
            return object
        }
    }

    // MARK: csv

    private static func columns(_ put: Logs.CSV) throws(ServiceError) -> LogTransformer.Step {
        let delimiter = put.delimiter == "\\t" ? "\t" : put.delimiter ?? ","
        guard let separator = delimiter.first, delimiter.count == 1, let quote = (put.quoteCharacter ?? "\"").first
        else {
            throw .invalidParameter("Delimiter and quote character of csv must be single characters.")
        }
        return step(put.source, put.destination) { text in
            var found: DocumentObject = [:]
            for (index, cell) in cells(text, separator, quote).enumerated() {
                let names = put.columns ?? []
                found[index < names.count ? names[index] : "column_\(index + 1)"] = .string(cell)
            }
            return found
        }
    }

    private static func cells(_ text: String, _ separator: Character, _ quote: Character) -> [String] {
        var cells: [String] = []
        var cell = ""
        var isQuoted = false
        var rest = text[...]
        while let character = rest.popFirst() {
            if character == quote {
                if isQuoted, rest.first == quote {
                    cell.append(quote)
                    rest.removeFirst()
                } else {
                    isQuoted.toggle()
                }
            } else if character == separator, !isQuoted {
                cells.append(cell)
                cell = ""
            } else {
                cell.append(character)
            }
        }
        return cells + [cell]
    }

    // MARK: Logs of AWS's own forms

    private static let vpcFields = [
        "version", "accountId", "interfaceId", "srcAddr", "dstAddr", "srcPort", "dstPort", "protocol", "packets",
        "bytes", "start", "end", "action", "logStatus",
    ]
    private static let route53Fields = [
        "version", "queryTimestamp", "hostZoneId", "queryName", "queryType", "responseCode", "protocol",
        "edgeLocation", "resolverIp", "ednsClientSubnet",
    ]
    private static let cloudfrontFields = [
        "date", "time", "x-edge-location", "sc-bytes", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem", "sc-status",
        "cs(Referer)", "cs(User-Agent)", "cs-uri-query", "cs(Cookie)", "x-edge-result-type", "x-edge-request-id",
        "x-host-header", "cs-protocol", "cs-bytes", "time-taken", "x-forwarded-for", "ssl-protocol", "ssl-cipher",
        "x-edge-response-result-type", "cs-protocol-version", "fle-status", "fle-encrypted-fields", "c-port",
        "time-to-first-byte", "x-edge-detailed-result-type", "sc-content-type", "sc-content-len", "sc-range-start",
        "sc-range-end",
    ]

    /// Nil where the number of fields is another. AWS: numbers are numbers then.
    private static func fields(_ line: String, _ names: [String], separator: Character) -> DocumentObject? {
        let values = line.split(separator: separator)
        guard values.count == names.count else { return nil }
        return DocumentObject(
            zip(names, values).map { name, value in
                let text = String(value)
                // An account's number stays as it is written.
                if name != "accountId", let integer = Int64(text) { return (name, .integer(integer)) }
                if name != "accountId", let number = Double(text), number.isFinite { return (name, .number(number)) }
                return (name, .string(text))
            })
    }

    private static func decoded(_ value: DocumentValue) -> DocumentValue {
        value.string.map { .string($0.removingPercentEncoding ?? $0) } ?? value
    }

    /// `2019-03-10 03:54:59 UTC:10.0.0.123(52834):postgres@logtestdb:[20175]:ERROR: column "x" does not exist`.
    private static func postgres(_ put: Logs.ParsePostgres) throws(ServiceError) -> LogTransformer.Step {
        let pattern = try GrokPattern(
            "%{POSTGRESTIME:logTime}:%{IPORHOST:srcIp}\\(%{INT:srcPort}\\):%{DATA:userName}@%{DATA:dbName}:\\[%{INT:processId}\\]:%{WORD:logLevel}:"
        )
        return step(put.source, nil) { line in
            pattern.values(in: line).map { found in
                DocumentObject(found.map { ($0.path, $0.value) })
            }
        }
    }
}

extension Substring {
    /// Without white space at either end.
    fileprivate var trimmingSpaces: String {
        var rest = drop(while: \.isWhitespace)
        while rest.last?.isWhitespace ?? false { rest.removeLast() }
        return String(rest)
    }
}
