import AWSModel

/// AWS's trace header, which SDKs inside a function send with every call they make: through it, what a function does is
/// linked to the invocation that did it.
public enum TraceHeader {
    /// `Root=1-<time>-<24 hex>;Parent=<16 hex>;Sampled=0`, with the engine's own identifiers in it.
    /// - Parameter header: another tracer's, whose root and sampling go on; our trace is then told beside it, as AWS's load
    ///   balancers do.
    static func text(_ cause: Cause, at time: Instant, within header: String? = nil) -> String {
        let seconds = UInt64(max(0, time.epochMilliseconds / 1000))
        let own = "1-\(hex(seconds, 8))-\(marker)\(hex(cause.trace.rawValue, 16))"
        let parent = "Parent=\(hex(cause.entry?.rawValue ?? 0, 16))"
        let given = header.map(fields) ?? [:]
        guard let root = given["Root"] else { return "Root=\(own);\(parent);Sampled=0" }
        return "Root=\(root);\(parent);Sampled=\(given["Sampled"] ?? "1");Self=\(own)"
    }

    /// What a header that ``text(_:at:)`` made stands for; nil for headers of other origin.
    public static func cause(_ header: String) -> Cause? {
        let fields = fields(header)
        guard let parts = (fields["Self"] ?? fields["Root"])?.split(separator: "-"), parts.count == 3,
            parts[2].utf8.count == 24, parts[2].hasPrefix(marker), let trace = UInt64(parts[2].dropFirst(8), radix: 16)
        else { return nil }
        let entry = fields["Parent"].flatMap { UInt64($0, radix: 16) } ?? 0
        return Cause(entry: entry == 0 ? nil : TimelineEntry.ID(rawValue: entry), trace: TraceID(rawValue: trace))
    }

    private static func fields(_ header: String) -> [Substring: Substring] {
        var fields: [Substring: Substring] = [:]
        for part in header.split(separator: ";") {
            let halves = part.split(separator: "=", maxSplits: 1)
            if halves.count == 2 { fields[halves[0]] = halves[1] }
        }
        return fields
    }

    /// Tells our traces from those of other tracers.
    private static let marker = "5cba0000"

    private static func hex(_ value: UInt64, _ width: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
}
