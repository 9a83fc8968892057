import AWSModel

/// The opaque tokens of CloudWatch Logs, in the shapes that AWS gives them.
enum LogsToken {
    // MARK: Pages of groups and streams

    private static let namePrefix = "name:"

    static func token(name: String) -> String { Base64.encode((namePrefix + name).utf8) }

    static func name(_ token: String?) throws(ServiceError) -> String? {
        guard let token else { return nil }
        guard let text = Base64.decode(token).map({ String(decoding: $0, as: UTF8.self) }), text.hasPrefix(namePrefix)
        else {
            throw invalid
        }
        return String(text.dropFirst(namePrefix.count))
    }

    // MARK: Positions

    enum Direction: String {
        case forward = "f"
        case backward = "b"
    }

    /// `f/3690…/s`: 56 digits, as in AWS.
    static func token(_ direction: Direction, _ position: LogEvent.Position) -> String {
        "\(direction.rawValue)/\(digits(position, stream: 0))/s"
    }

    static func position(_ token: String) throws(ServiceError) -> (direction: Direction, position: LogEvent.Position) {
        let parts = token.split(separator: "/")
        guard parts.count == 3, let direction = Direction(rawValue: String(parts[0])), parts[1].utf8.count == 56,
            parts[1].hasPrefix("3"), let time = Int64(parts[1].dropFirst().prefix(16)),
            let sequence = Int64(parts[1].suffix(19))
        else { throw invalid }
        return (direction, LogEvent.Position(time: time - 1, sequence: sequence))
    }

    private static let filterPrefix = "filter:"

    static func token(filterAfter position: LogEvent.Position) -> String {
        Base64.encode("\(filterPrefix)\(position.time):\(position.sequence)".utf8)
    }

    static func filterPosition(_ token: String) throws(ServiceError) -> LogEvent.Position {
        let text = Base64.decode(token).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let parts = text.split(separator: ":")
        guard text.hasPrefix(filterPrefix), parts.count == 3, let time = Int64(parts[1]), let sequence = Int64(parts[2])
        else { throw invalid }
        return LogEvent.Position(time: time, sequence: sequence)
    }

    // MARK: Identifiers

    private static let pointerPrefix = "record:"

    /// `@ptr` of an Insights row, for GetLogRecord.
    static func pointer(_ event: LogEvent) -> String {
        Base64.encode("\(pointerPrefix)\(event.group):\(event.position.time):\(event.position.sequence)".utf8)
    }

    static func pointed(_ pointer: String) -> (group: Int64, position: LogEvent.Position)? {
        let text = Base64.decode(pointer).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let parts = text.split(separator: ":")
        guard text.hasPrefix(pointerPrefix), parts.count == 4, let group = Int64(parts[1]),
            let time = Int64(parts[2]), let sequence = Int64(parts[3])
        else { return nil }
        return (group, LogEvent.Position(time: time, sequence: sequence))
    }

    /// `eventId` of FilterLogEvents: 56 digits.
    static func eventID(_ event: LogEvent) -> String { digits(event.position, stream: event.stream) }

    /// What PutLogEvents used to ask for next. AWS: returned and accepted still, and ignored.
    static func upload(_ stream: LogStream) -> String {
        digits(LogEvent.Position(time: 0, sequence: stream.lastSequence), stream: stream.id)
    }

    /// A time is written one higher, so that the place before the first event has digits too.
    private static func digits(_ position: LogEvent.Position, stream: Int64) -> String {
        "3" + padded(position.time + 1, 16) + padded(stream, 20) + padded(position.sequence, 19)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let text = String(max(number, 0))
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    private static var invalid: ServiceError { .invalidParameter("The specified nextToken is invalid.") }
}
