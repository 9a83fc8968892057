/// Values by key in the order of the keys' UTF-8 bytes, as AWS lists resources and objects.
///
/// Chunks of sorted entries: finding, adding and removing touch one chunk, whatever the number of keys.
struct OrderedKeys<Value> {
    private struct Entry {
        var key: String
        var value: Value
    }

    private static var chunkLimit: Int { 512 }

    private var chunks: [[Entry]] = []
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    subscript(key: String) -> Value? {
        get {
            guard let (chunk, place, isThere) = place(of: key), isThere else { return nil }
            return chunks[chunk][place].value
        }
        set {
            if let newValue { set(key, newValue) } else { remove(key) }
        }
    }

    private mutating func set(_ key: String, _ value: Value) {
        guard let (chunk, place, isThere) = place(of: key) else {
            chunks = [[Entry(key: key, value: value)]]
            count = 1
            return
        }
        if isThere {
            chunks[chunk][place].value = value
            return
        }
        chunks[chunk].insert(Entry(key: key, value: value), at: place)
        count += 1
        if chunks[chunk].count > Self.chunkLimit {
            let half = chunks[chunk].count / 2
            let upper = Array(chunks[chunk][half...])
            chunks[chunk].removeLast(upper.count)
            chunks.insert(upper, at: chunk + 1)
        }
    }

    private mutating func remove(_ key: String) {
        guard let (chunk, place, isThere) = place(of: key), isThere else { return }
        chunks[chunk].remove(at: place)
        count -= 1
        if chunks[chunk].isEmpty { chunks.remove(at: chunk) }
    }

    /// Hands out entries from the first key that is not below `start` on, until `body` says false.
    func forEach(from start: String, _ body: (String, Value) -> Bool) {
        guard let (chunk, place, _) = place(of: start) else { return }
        var position = place
        for index in chunk..<chunks.count {
            while position < chunks[index].count {
                let entry = chunks[index][position]
                if !body(entry.key, entry.value) { return }
                position += 1
            }
            position = 0
        }
    }

    /// One page: what comes after the key `last` and begins with `prefix`, and whether more follows.
    func page(after last: String?, prefix: String = "", limit: Int) -> (
        entries: [(key: String, value: Value)], hasMore: Bool
    ) {
        var entries: [(key: String, value: Value)] = []
        var hasMore = false
        let start = last.map { Self.precedes($0, prefix) ? prefix : $0 } ?? prefix
        forEach(from: start) { key, value in
            if key == last { return true }
            guard key.hasPrefix(prefix) else { return false }
            hasMore = entries.count == limit
            if !hasMore { entries.append((key, value)) }
            return !hasMore
        }
        return (entries, hasMore)
    }

    /// All of them, in order.
    var values: [Value] { chunks.flatMap { $0.map(\.value) } }

    /// Where a key is, or would be; nil while there is none at all.
    private func place(of key: String) -> (chunk: Int, place: Int, isThere: Bool)? {
        guard !chunks.isEmpty else { return nil }
        // The last chunk that does not begin above the key.
        var low = 0
        var high = chunks.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if Self.precedes(key, chunks[middle][0].key) { high = middle - 1 } else { low = middle }
        }
        let chunk = low
        var first = 0
        var last = chunks[chunk].count
        while first < last {
            let middle = (first + last) / 2
            if Self.precedes(chunks[chunk][middle].key, key) { first = middle + 1 } else { last = middle }
        }
        let isThere = first < chunks[chunk].count && chunks[chunk][first].key.utf8.elementsEqual(key.utf8)
        return (chunk, first, isThere)
    }

    /// By bytes: Swift's own order takes composed and decomposed letters for the same.
    static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
