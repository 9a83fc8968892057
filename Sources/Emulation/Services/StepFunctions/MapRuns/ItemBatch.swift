import AWSModel
import StatesLanguage

/// Gathers items until a batch is full.
struct ItemBatch {
    private let maximumItems: Int
    private let maximumBytes: Int
    private let shared: DocumentValue?
    private var items: [String] = []
    private var bytes = 0

    /// Nil without an ItemBatcher: each item has its own child.
    init?(_ batcher: DocumentObject?) {
        guard let batcher else { return nil }
        func limit(_ name: String) -> Int? {
            let number = batcher[name]?.integer.map(Int.init) ?? batcher.string(name).flatMap(Int.init)
            return number.flatMap { $0 > 0 ? $0 : nil }
        }
        maximumItems = limit("MaxItemsPerBatch") ?? .max
        shared = batcher["BatchInput"]
        // AWS: a child's input has the limit of every payload.
        maximumBytes = min(limit("MaxInputBytesPerBatch") ?? Payload.maximumBytes, Payload.maximumBytes)
        bytes = emptySize
    }

    private var prefix: String { shared.map { "\"BatchInput\":\(JSONWriter.string($0))," } ?? "" }
    private var emptySize: Int { prefix.utf8.count + #"{"Items":[]}"#.utf8.count }

    /// Takes one more item; what had to go out before it, or with it.
    mutating func add(_ item: Payload) -> (text: String, count: Int)? {
        var full: (String, Int)?
        let size = item.text.utf8.count + 1
        if !items.isEmpty, bytes + size > maximumBytes { full = take() }
        items.append(item.text)
        bytes += size
        if items.count >= maximumItems, full == nil { full = take() }
        return full
    }

    var rest: (text: String, count: Int)? {
        var copy = self
        return items.isEmpty ? nil : copy.take()
    }

    private mutating func take() -> (String, Int) {
        defer {
            items = []
            bytes = emptySize
        }
        return ("{\(prefix)\"Items\":[\(items.joined(separator: ","))]}", items.count)
    }
}
