import AWSModel
import StatesLanguage

/// How an ItemReader reads, from its `ReaderConfig`.
struct ItemReaderConfiguration: Sendable {
    enum InputType: String, Sendable {
        case json = "JSON"
        case jsonLines = "JSONL"
        case csv = "CSV"
        case manifest = "MANIFEST"
        case parquet = "PARQUET"
    }

    var inputType: InputType?
    var maxItems = Int.max
    var delimiter = UInt8(ascii: ",")
    /// Nil where the first row has them.
    var headers: [String]?
    var itemsPointer: String?
    /// `ATHENA_DATA` or `S3_INVENTORY`.
    var manifestType = "S3_INVENTORY"
    /// AWS: `LOAD_AND_FLATTEN` reads the objects of a listing, whose items then come one after the other.
    var loadsListedObjects = false

    init(_ config: DocumentObject) throws(ItemFault) {
        if let name = config.string("InputType") {
            inputType = InputType(rawValue: name)
            if inputType == nil { throw ItemFault("The InputType '\(name)' is not supported.") }
        }
        let wanted = config["MaxItems"]
        if let wanted {
            let number = wanted.integer.map(Int.init) ?? wanted.string.flatMap(Int.init)
            guard let number, number >= 0 else {
                throw ItemFault("MaxItems must be a whole number that is not negative.")
            }
            // AWS: 0 is no limit.
            maxItems = number == 0 ? .max : min(number, 100_000_000)
        }
        if let name = config.string("CSVDelimiter") {
            let delimiters: [String: Character] = [
                "COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "SPACE": " ", "TAB": "\t",
            ]
            guard let byte = delimiters[name]?.asciiValue else {
                throw ItemFault("The CSVDelimiter '\(name)' is not supported.")
            }
            delimiter = byte
        }
        if config.string("CSVHeaderLocation") == "GIVEN" { headers = config.strings("CSVHeaders") ?? [] }
        itemsPointer = config.string("ItemsPointer")
        manifestType = config.string("ManifestType") ?? manifestType
        switch config.string("Transformation") {
        case nil, "NONE"?: break
        case "LOAD_AND_FLATTEN"?:
            guard inputType != nil else {
                throw ItemFault("The field 'InputType' is required with the Transformation 'LOAD_AND_FLATTEN'.")
            }
            loadsListedObjects = true
        case let other?: throw ItemFault("The Transformation '\(other)' is not supported.")
        }
    }
}

/// Why items cannot be read, in AWS's words where they are known.
struct ItemFault: Error {
    var cause: String
    init(_ cause: String) { self.cause = cause }
}

/// Items from an object's bytes. Pure, and done off the engine's thread.
enum ItemParsing {
    static func items(_ bytes: [UInt8], _ config: ItemReaderConfiguration) throws(ItemFault) -> [DocumentValue] {
        switch config.inputType {
        case .csv:
            do throws(CSVItems.Fault) {
                return try CSVItems.items(
                    bytes, delimiter: config.delimiter, headers: config.headers, limit: config.maxItems)
            } catch {
                throw ItemFault(error.cause)
            }
        case .json, nil: return try json(bytes, config)
        case .jsonLines:
            var items: [DocumentValue] = []
            for line in bytes.split(separator: 0x0A) where items.count < config.maxItems {
                guard line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { continue }
                guard let value = try? JSONReader.parse(Array(line)) else {
                    throw ItemFault("Unable to parse the contents of the file as JSONL.")
                }
                items.append(value)
            }
            return items
        case .parquet: throw ItemFault("Skua does not read PARQUET items yet.")
        case .manifest: throw ItemFault("Attempting to map over non-iterable node.")
        }
    }

    private static func json(_ bytes: [UInt8], _ config: ItemReaderConfiguration) throws(ItemFault) -> [DocumentValue] {
        guard var value = try? JSONReader.parse(bytes) else {
            throw ItemFault("Unable to parse the contents of the file as JSON.")
        }
        for name in (config.itemsPointer ?? "").split(separator: "/", omittingEmptySubsequences: true) {
            let key = String(name.replacing("~1", with: "/").replacing("~0", with: "~"))
            guard let next = value[key] ?? Int(key).flatMap({ value[$0] }) else {
                throw ItemFault(
                    "The ItemsPointer '\(config.itemsPointer ?? "")' does not point to anything in the file.")
            }
            value = next
        }
        switch value {
        case .list(let list): return Array(list.prefix(config.maxItems))
        // AWS: each member of an object is an item of its own.
        case .object(let object) where config.itemsPointer != nil:
            return object.prefix(config.maxItems).map { ["Key": .string($0), "Value": $1] }
        default: throw ItemFault("Attempting to map over non-iterable node.")
        }
    }

    /// The data files that a manifest names, and how to read them.
    static func manifest(
        _ bytes: [UInt8], bucket: String, _ config: ItemReaderConfiguration
    ) throws(ItemFault) -> (files: [(bucket: String, key: String)], ItemReaderConfiguration) {
        var each = config
        if config.manifestType == "ATHENA_DATA" {
            // AWS: one location a line, `s3://bucket/key`.
            let files = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).compactMap {
                line -> (String, String)? in
                let parts = line.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
                return parts.count == 4 && parts[0] == "s3:" ? (String(parts[2]), String(parts[3])) : nil
            }
            return (files, each)
        }
        guard let document = (try? JSONReader.parse(bytes))?.object, let files = document.list("files") else {
            throw ItemFault("Unable to parse the contents of the file as a manifest.")
        }
        guard document.string("fileFormat") == "CSV" else {
            throw ItemFault(
                "Skua reads inventories in CSV alone, not in \(document.string("fileFormat") ?? "another format").")
        }
        each.inputType = .csv
        each.headers = (document.string("fileSchema") ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
        let place = document.string("destinationBucket").flatMap { $0.split(separator: ":").last.map(String.init) }
        return (files.compactMap { $0["key"]?.string.map { (place ?? bucket, $0) } }, each)
    }
}
