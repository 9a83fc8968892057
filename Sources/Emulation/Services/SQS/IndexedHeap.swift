/// Where an element of an ``IndexedHeap`` keeps its own place, so that it can be moved or removed without a search.
protocol HeapSlot {
    associatedtype Element: AnyObject
    associatedtype Key: Comparable
    /// Negative while the element is in no heap of this kind.
    static func position(of element: Element) -> Int32
    static func setPosition(_ position: Int32, of element: Element)
}

/// A binary heap, smallest key first, whose elements know where they are: insert, remove and re-key in O(log n).
///
/// An element may be in one heap of a kind at a time.
struct IndexedHeap<Slot: HeapSlot> {
    private struct Entry {
        var key: Slot.Key
        var element: Slot.Element
    }

    private var entries: [Entry] = []

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }
    var first: Slot.Element? { entries.first?.element }
    var firstKey: Slot.Key? { entries.first?.key }

    /// All elements, in no order.
    var elements: some Sequence<Slot.Element> { entries.lazy.map(\.element) }

    func contains(_ element: Slot.Element) -> Bool { Slot.position(of: element) >= 0 }

    /// All elements, smallest key first; O(n log n).
    func sorted() -> [Slot.Element] { entries.sorted { $0.key < $1.key }.map(\.element) }

    mutating func insert(_ element: Slot.Element, key: Slot.Key) {
        entries.append(Entry(key: key, element: element))
        Slot.setPosition(Int32(truncatingIfNeeded: entries.count - 1), of: element)
        siftUp(entries.count - 1)
    }

    /// Inserts the element, or moves it to where its new key belongs.
    mutating func set(_ element: Slot.Element, key: Slot.Key) {
        let position = Int(Slot.position(of: element))
        guard position >= 0 else { return insert(element, key: key) }
        entries[position].key = key
        siftUp(position)
        siftDown(Int(Slot.position(of: element)))
    }

    /// Does nothing where the element is not in the heap.
    mutating func remove(_ element: Slot.Element) {
        let position = Int(Slot.position(of: element))
        guard position >= 0, position < entries.count else { return }
        Slot.setPosition(-1, of: element)
        let last = entries.removeLast()
        guard position < entries.count else { return }
        place(last, at: position)
        siftUp(position)
        siftDown(Int(Slot.position(of: last.element)))
    }

    mutating func removeFirst() -> Slot.Element? {
        guard let first else { return nil }
        remove(first)
        return first
    }

    mutating func removeAll() {
        for entry in entries { Slot.setPosition(-1, of: entry.element) }
        entries.removeAll()
    }

    private mutating func place(_ entry: Entry, at position: Int) {
        entries[position] = entry
        Slot.setPosition(Int32(truncatingIfNeeded: position), of: entry.element)
    }

    private mutating func siftUp(_ start: Int) {
        var child = start
        let entry = entries[child]
        while child > 0 {
            let parent = (child - 1) / 2
            guard entry.key < entries[parent].key else { break }
            place(entries[parent], at: child)
            child = parent
        }
        if child != start { place(entry, at: child) }
    }

    private mutating func siftDown(_ start: Int) {
        var parent = start
        let entry = entries[parent]
        while true {
            var child = parent * 2 + 1
            guard child < entries.count else { break }
            if child + 1 < entries.count, entries[child + 1].key < entries[child].key { child += 1 }
            guard entries[child].key < entry.key else { break }
            place(entries[child], at: parent)
            parent = child
        }
        if parent != start { place(entry, at: parent) }
    }
}
