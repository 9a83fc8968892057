/// Trace headers of tracers other than the engine, by the engine's own trace: they go on to whatever keeps such headers.
public struct ForeignTraces: Sendable {
    private var headers: [TraceID: String] = [:]
    private var order: [TraceID] = []
    /// Beyond it the older half is forgotten.
    private static let limit = 10_000

    subscript(_ trace: TraceID) -> String? { headers[trace] }

    mutating func note(_ header: String, for trace: TraceID) {
        if headers.updateValue(header, forKey: trace) == nil { order.append(trace) }
        guard order.count > Self.limit else { return }
        for old in order.prefix(Self.limit / 2) { headers[old] = nil }
        order.removeFirst(Self.limit / 2)
    }
}
