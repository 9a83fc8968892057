import AWSModel
import AWSTypes

/// A transformer: processors that make a JSON object of a log line, one after another.
struct LogTransformer {
    /// Where an event comes from; `copyValue` reads it by names such as `@logGroupName`.
    struct Origin {
        var group: String
        var stream: String
        var scope: Scope

        func value(of key: String) -> String? {
            switch key {
            case "@logGroupName": group
            case "@logGroupStream", "@logStreamName": stream
            case "@accountId": scope.accountID
            case "@regionName": scope.region
            default: nil
            }
        }
    }

    /// One processor made ready; nil where the line is none that it reads.
    typealias Step = (_ object: DocumentObject, _ message: String, _ origin: Origin) -> DocumentObject?

    let processors: [Logs.Processor]
    private let steps: [Step]

    /// AWS: twenty processors at most; the first takes the line apart.
    init(_ processors: [Logs.Processor]) throws(ServiceError) {
        self.processors = processors
        var steps: [Step] = []
        for (index, processor) in processors.enumerated() {
            guard processor.document.count == 1 else {
                throw .invalidParameter("Each processor must have exactly one type.")
            }
            if let parser = try LogParsers.step(processor) {
                if processor.isVended, index > 0 {
                    throw .invalidParameter("A parser of vended logs must be the first processor.")
                }
                steps.append(parser)
            } else if index == 0 {
                throw .invalidParameter("The first processor must be a parser.")
            } else {
                steps.append(try LogMutations.step(processor))
            }
        }
        guard !steps.isEmpty else { throw .invalidParameter("A transformer needs at least one processor.") }
        self.steps = steps
    }

    /// The line as JSON; nil where the processors cannot read it. AWS keeps it as it came then.
    func transformed(_ message: String, _ origin: Origin) -> String? {
        var object: DocumentObject = [:]
        for step in steps {
            guard let next = step(object, message, origin) else { return nil }
            object = next
        }
        return JSONWriter.string(.object(object))
    }
}

extension Logs.Processor {
    /// Whether it reads logs of a form that AWS defines.
    fileprivate var isVended: Bool {
        parseVPC != nil || parseRoute53 != nil || parseCloudfront != nil || parsePostgres != nil
    }
}

extension DocumentObject {
    /// What a dotted path leads to.
    func value(at path: String) -> DocumentValue? {
        // AWS: a key that has dots itself is found, too.
        if let value = self[path] { return value }
        var value: DocumentValue = .object(self)
        for part in path.split(separator: ".") {
            guard let next = value[String(part)] ?? Int(part).flatMap({ value[$0] }) else { return nil }
            value = next
        }
        return value
    }

    /// Puts a value at a dotted path, and objects where the path leads through none.
    mutating func set(_ value: DocumentValue, at path: String) {
        guard let dot = path.firstIndex(of: "."), self[path] == nil else {
            self[path] = value
            return
        }
        let head = String(path[..<dot])
        var inner = object(head) ?? [:]
        inner.set(value, at: String(path[path.index(after: dot)...]))
        self[head] = .object(inner)
    }

    mutating func remove(at path: String) {
        guard let dot = path.firstIndex(of: "."), self[path] == nil else {
            self[path] = nil
            return
        }
        let head = String(path[..<dot])
        guard var inner = object(head) else { return }
        inner.remove(at: String(path[path.index(after: dot)...]))
        self[head] = .object(inner)
    }

    /// The value at a path, unless one is there that must stay.
    mutating func set(_ value: DocumentValue, at path: String, overwriting: Bool?) {
        if overwriting == true || self.value(at: path) == nil { set(value, at: path) }
    }
}
