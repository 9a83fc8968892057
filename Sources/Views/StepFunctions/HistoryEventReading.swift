import AWSModel
import AWSTypes

/// One event of an execution's history, read without regard to which of AWS's thirty-odd detail structures it carries.
struct TraceEvent: Hashable, Sendable, Identifiable {
    var id: Int
    var previous: Int
    var type: String
    var time: Instant
    /// Members of the details: `name`, `input`, `error`, …
    var details: DocumentObject

    init(id: Int, previous: Int, type: String, time: Instant, details: DocumentObject = DocumentObject()) {
        self.id = id
        self.previous = previous
        self.type = type
        self.time = time
        self.details = details
    }

    init(_ event: SFN.HistoryEvent) {
        id = event.id
        previous = event.previousEventId ?? 0
        type = event.type
        time = event.timestamp
        details = event.document.first { $0.0.hasSuffix("EventDetails") }?.1.object ?? DocumentObject()
    }

    /// The state's name, where the event names one.
    var name: String? { details.string("name") ?? details.string("state") }
    var error: String? { details.string("error") }
    var cause: String? { details.string("cause") }
    var resource: String? { details.string("resource") }

    /// What went in or came out, as the text AWS recorded.
    var payload: String? { details.string("output") ?? details.string("input") ?? details.string("parameters") }

    /// The whole event as JSON, payloads opened up so that they can be folded and searched.
    var text: String {
        var object: DocumentObject = [
            "id": .integer(Int64(id)), "previousEventId": .integer(Int64(previous)), "type": .string(type),
        ]
        object["timestamp"] = .string(time.iso8601())
        if !details.isEmpty { object["details"] = .object(Self.opened(details)) }
        return JSONWriter.string(.object(object), pretty: true)
    }

    private static func opened(_ details: DocumentObject) -> DocumentObject {
        DocumentObject(
            details.map { key, value in
                guard ["input", "output", "parameters", "cause"].contains(key), let text = value.string,
                    let parsed = try? JSONReader.parse(text)
                else { return (key, value) }
                return (key, parsed)
            })
    }

    /// A few words on what is in it, for a list.
    var summary: String {
        if let error { return CauseText.line(error, cause) }
        if let index = details.integer("index") { return "item \(index)" }
        if let length = details.integer("length") { return Quantity.count(length, "item") }
        if type.hasSuffix("Scheduled") || type.hasSuffix("Started"), let resource { return resource }
        return payload ?? ""
    }

    var status: VisitStatus? {
        if type.hasSuffix("Failed") { return .failed }
        if type.hasSuffix("TimedOut") { return .timedOut }
        if type.hasSuffix("Aborted") { return .aborted }
        if type.hasSuffix("Succeeded") { return .succeeded }
        return nil
    }
}
