/// Tells screens what changed, so that they fetch only that.
///
/// A topic is a resource's ARN, or `service:kind` for a list (`sqs:queues`, `lambda:functions`). Marking is cheap
/// and happens many times a turn; watchers hear once at its end.
public final class ChangeFeed {
    private var versions: [String: UInt64] = [:]
    private var watchers: [UInt64: Watcher] = [:]
    private var lastWatcher: UInt64 = 0
    private var hasNews = false
    public private(set) var version: UInt64 = 1

    private struct Watcher {
        var cursor: UInt64
        var topics: Set<String>
        var deliver: (_ topics: [String], _ cursor: UInt64) -> Void
    }

    public init() {}

    public func mark(_ topic: String) {
        version += 1
        versions[topic] = version
        hasNews = true
    }

    /// Everything ever marked is news again.
    func markAll() {
        for topic in versions.keys.sorted() { mark(topic) }
    }

    /// Topics changed after `cursor`; only those in `topics`, unless that is empty.
    public func changed(after cursor: UInt64, topics: Set<String>) -> [String] {
        if topics.isEmpty { return versions.lazy.filter { $0.value > cursor }.map(\.key).sorted() }
        return topics.filter { versions[$0, default: 0] > cursor }.sorted()
    }

    /// Calls `deliver` once, at the end of the first turn in which something watched changed.
    func watch(
        after cursor: UInt64, topics: Set<String>, deliver: @escaping (_ topics: [String], _ cursor: UInt64) -> Void
    ) -> UInt64 {
        lastWatcher += 1
        watchers[lastWatcher] = Watcher(cursor: cursor, topics: topics, deliver: deliver)
        hasNews = true
        return lastWatcher
    }

    func unwatch(_ id: UInt64) { watchers[id] = nil }

    func notify() {
        guard hasNews else { return }
        hasNews = false
        for (id, watcher) in watchers.sorted(by: { $0.key < $1.key }) {
            let topics = changed(after: watcher.cursor, topics: watcher.topics)
            guard !topics.isEmpty else { continue }
            watchers[id] = nil
            watcher.deliver(topics, version)
        }
    }
}
