import AWSModel

/// A body that is a stream of events. As a document it is a list of objects with one member each, the event's name.
enum EventStreamBody<Format: RESTBodyFormat> {
    static func bytes(_ events: [DocumentValue], _ shape: Shape) -> [UInt8] {
        var output: [UInt8] = []
        for event in events {
            guard case .object(let object) = event, let name = object.keys.first, let member = shape.member(name)
            else { continue }
            output += message(object.values[0].object ?? [:], member).bytes
        }
        return output
    }

    static func message(_ event: DocumentObject, _ member: Member) -> EventStreamMessage {
        var message = EventStreamMessage(headers: [
            (":event-type", .string(member.name)), (":message-type", .string("event")),
        ])
        let shape = member.shape
        for each in shape.members where each.isEventHeader {
            if let value = event[each.name], let header = header(value) {
                message.headers.append((each.wireName, header))
            }
        }
        if let payload = shape.members.first(where: \.isEventPayload) {
            switch event[payload.name] {
            case .bytes(let bytes):
                message.headers.append((":content-type", .string("application/octet-stream")))
                message.payload = bytes
            case .string(let text):
                message.headers.append((":content-type", .string("text/plain")))
                message.payload = Array(text.utf8)
            case .some(let value):
                message.headers.append((":content-type", .string(Format.contentType)))
                message.payload = Format.bytes(payload: value, payload)
            case nil: break
            }
        } else if shape.members.contains(where: { !$0.isEventHeader }) {
            message.headers.append((":content-type", .string(Format.contentType)))
            message.payload = Format.bytes(payload: .object(event), member)
        }
        return message
    }

    static func events(_ bytes: [UInt8], _ shape: Shape) throws(WireError) -> [DocumentValue] {
        var reader = EventStreamReader()
        reader.feed(bytes)
        var events: [DocumentValue] = []
        while true {
            let next: EventStreamMessage?
            do throws(EventStreamError) {
                next = try reader.next()
            } catch {
                throw .serialization("The event stream is damaged: \(error.reason)")
            }
            guard let message = next else { break }
            if let event = try event(message, shape) { events.append(event) }
        }
        guard reader.isEmpty else { throw .serialization("The event stream ends within a message") }
        return events
    }

    private static func event(_ message: EventStreamMessage, _ shape: Shape) throws(WireError) -> DocumentValue? {
        guard let name = message[":event-type"]?.string, let member = shape.member(name) else { return nil }
        var object = DocumentObject()
        if let payload = member.shape.members.first(where: \.isEventPayload) {
            switch payload.shape.kind {
            case .blob: object.append(payload.name, .bytes(message.payload))
            case .string: object.append(payload.name, .string(String(decoding: message.payload, as: UTF8.self)))
            default: object.append(payload.name, try Format.read(payload: message.payload, payload))
            }
        } else if !message.payload.isEmpty {
            object = try Format.read(message.payload, member.shape)
        }
        for each in member.shape.members where each.isEventHeader {
            if let header = message[each.wireName] { object[each.name] = value(header) }
        }
        return .object([name: .object(object)])
    }

    private static func header(_ value: DocumentValue) -> EventStreamMessage.HeaderValue? {
        switch value {
        case .bool(let flag): .bool(flag)
        case .integer(let number): .long(number)
        case .string(let text): .string(text)
        case .bytes(let bytes): .bytes(bytes)
        case .timestamp(let instant): .timestamp(instant)
        case .null, .number, .list, .object: nil
        }
    }

    private static func value(_ header: EventStreamMessage.HeaderValue) -> DocumentValue {
        switch header {
        case .bool(let flag): .bool(flag)
        case .byte(let number): .integer(Int64(number))
        case .short(let number): .integer(Int64(number))
        case .integer(let number): .integer(Int64(number))
        case .long(let number): .integer(number)
        case .bytes(let bytes), .uuid(let bytes): .bytes(bytes)
        case .string(let text): .string(text)
        case .timestamp(let instant): .timestamp(instant)
        }
    }
}
