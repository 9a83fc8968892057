import AWSModel

/// What went into something that happened, or came out of it. Kept as it was at hand: nothing is encoded before it is read.
public enum TimelinePayload: Sendable, Hashable {
    case document(DocumentObject)
    case bytes([UInt8])

    /// Roughly, in bytes, at the same cost however large it is.
    var size: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .document(let object): Self.size(of: .object(object), budget: 64).bytes
        }
    }

    private static func size(of value: DocumentValue, budget: Int) -> (bytes: Int, budget: Int) {
        var bytes = 0
        var budget = budget - 1
        func add(_ member: DocumentValue) {
            guard budget > 0 else {
                bytes += 32
                return
            }
            let inner = size(of: member, budget: budget)
            bytes += inner.bytes
            budget = inner.budget
        }
        switch value {
        case .string(let text): return (text.utf8.count, budget)
        case .bytes(let data): return (data.count, budget)
        case .object(let object): for (name, member) in object.prefix(64) { bytes += name.utf8.count; add(member) }
        case .list(let list):
            for member in list.prefix(64) { add(member) }
            bytes += max(0, list.count - 64) * 32
        default: return (8, budget)
        }
        return (bytes, budget)
    }

    /// To be read: JSON, or the text it is.
    public var text: String {
        switch self {
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .document(let object): JSONWriter.string(.object(object))
        }
    }
}
