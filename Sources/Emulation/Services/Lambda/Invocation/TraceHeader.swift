import AWSModel

/// AWS's trace header, which SDKs inside a function send with every call they make: through it, what a function does is
/// linked to the invocation that did it.
public enum TraceHeader {
    /// `Root=1-<time>-<24 hex>;Parent=<16 hex>;Sampled=0`, with the engine's own identifiers in it.
    static func text(_ cause: Cause, at time: Instant) -> String {
        let seconds = UInt64(max(0, time.epochMilliseconds / 1000))
        return
            "Root=1-\(hex(seconds, 8))-\(marker)\(hex(cause.trace.rawValue, 16));Parent=\(hex(cause.entry?.rawValue ?? 0, 16));Sampled=0"
    }

    /// What a header that ``text(_:at:)`` made stands for; nil for headers of other origin.
    public static func cause(_ header: String) -> Cause? {
        var trace: UInt64?
        var entry: UInt64?
        for part in header.split(separator: ";") {
            let halves = part.split(separator: "=", maxSplits: 1)
            guard halves.count == 2 else { continue }
            switch halves[0] {
            case "Root":
                let fields = halves[1].split(separator: "-")
                guard fields.count == 3, fields[2].utf8.count == 24, fields[2].hasPrefix(marker) else { return nil }
                trace = UInt64(fields[2].dropFirst(8), radix: 16)
            case "Parent": entry = UInt64(halves[1], radix: 16)
            default: break
            }
        }
        guard let trace else { return nil }
        return Cause(
            entry: entry.flatMap { $0 == 0 ? nil : TimelineEntry.ID(rawValue: $0) }, trace: TraceID(rawValue: trace))
    }

    /// Tells our traces from those of other tracers.
    private static let marker = "5cba0000"

    private static func hex(_ value: UInt64, _ width: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
}
