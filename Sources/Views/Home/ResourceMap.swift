import AWSTypes

/// The world as a map: resources and the wires between them.
struct ResourceMap: Sendable, Hashable {
    enum Health: String, Sendable, Hashable {
        case good, busy, warning, failing, disabled
    }

    struct Resource: Sendable, Hashable {
        var arn: String
        /// `sqs`, `lambda`, `states` …
        var service: String
        var name: String
        /// One line: `3 visible · 1 in flight`.
        var summary: String = ""
        var health = Health.good
        var counts: [String: Int] = [:]
    }

    struct Wire: Sendable, Hashable {
        var source: String
        var target: String
        /// `trigger`, `dead-letter`, `destination`, `task`, `call`.
        var kind: String
        /// How much has passed along it; nil where nobody counts.
        var count: Int?
        /// What of it failed.
        var failed = 0
        var isEnabled = true
        /// How much passes along it a minute just now; nil until it is known.
        var perMinute: Int?
        /// How much of that fails.
        var failuresPerMinute: Int?

        var id: String { "\(kind):\(source)→\(target)" }
    }

    var resources: [Resource] = []
    var wires: [Wire] = []

    var isEmpty: Bool { resources.isEmpty }

    func resource(_ arn: String) -> Resource? { resources.first { $0.arn == arn } }

    func count(ofService service: String) -> Int { resources.count { $0.service == service } }

    /// With a warning on everything that something is wrong with.
    func marking(_ problems: [ProblemRow]) -> ResourceMap {
        var map = self
        let wrong = Set(problems.map { ResourceName.mapped($0.resource) })
        for index in map.resources.indices where wrong.contains(map.resources[index].arn) {
            if [.good, .busy].contains(map.resources[index].health) { map.resources[index].health = .warning }
        }
        return map
    }

    /// With what passes along each wire a minute, from how its count has grown since an earlier look.
    func measured(since earlier: ResourceMap, milliseconds: Int64) -> ResourceMap {
        guard milliseconds > 0 else { return self }
        let before = Dictionary(earlier.wires.map { ($0.id, $0) }) { first, _ in first }
        var map = self
        for index in map.wires.indices {
            guard let old = before[map.wires[index].id] else { continue }
            func rate(_ now: Int, _ then: Int) -> Int {
                Int((Double(max(0, now - then)) * 60_000 / Double(milliseconds)).rounded())
            }
            if let count = map.wires[index].count, let then = old.count {
                map.wires[index].perMinute = rate(count, then)
            }
            map.wires[index].failuresPerMinute = rate(map.wires[index].failed, old.failed)
        }
        return map
    }

    /// With the calls that functions were seen to make, where no configured wire says the same.
    func adding(_ observed: ObservedCalls) -> ResourceMap {
        var map = self
        let known = Set(resources.map(\.arn))
        let wired = Set(wires.map { [$0.source, $0.target] })
        for (path, count) in observed.counts.sorted(by: { $0.key < $1.key })
        where known.contains(path.source) && known.contains(path.target) && !wired.contains([path.source, path.target])
        {
            map.wires.append(Wire(source: path.source, target: path.target, kind: "call", count: count))
        }
        return map
    }
}

extension ResourceMap {
    init(_ topology: Skua.DescribeTopologyResponse) {
        resources = (topology.nodes ?? []).map { node in
            Resource(
                arn: node.arn ?? "", service: node.service ?? "", name: node.name ?? "", summary: node.summary ?? "",
                health: node.health.flatMap(Health.init(rawValue:)) ?? .good, counts: node.counts ?? [:])
        }
        wires = (topology.wires ?? []).map { wire in
            Wire(
                source: wire.sourceArn ?? "", target: wire.targetArn ?? "", kind: wire.kind ?? "", count: wire.count,
                failed: wire.failed ?? 0, isEnabled: wire.isEnabled ?? true)
        }
    }
}

/// Wires that no configuration shows: a handler that starts an execution or sends a message by itself. Read from the
/// timeline, where each call names the invocation that made it.
struct ObservedCalls: Sendable, Hashable {
    struct Path: Sendable, Hashable, Comparable {
        var source: String
        var target: String
        static func < (left: Path, right: Path) -> Bool { (left.source, left.target) < (right.source, right.target) }
    }

    private(set) var counts: [Path: Int] = [:]
    /// The last timeline entry read; nil before the first.
    private(set) var cursor: Int?
    /// Functions by the timeline entry of their invocation.
    private var invocations: [Int: String] = [:]

    private static let actions: Set<String> = [
        "StartExecution", "StartSyncExecution", "SendMessage", "SendMessageBatch", "Invoke", "InvokeAsync",
    ]
    private static let longestMemory = 5000

    /// Reads entries of the kinds `call` and `invocation`, oldest first.
    mutating func read(_ events: [Skua.TimelineEvent]) {
        for event in events {
            guard let id = event.id, id > cursor ?? -1 else { continue }
            cursor = id
            guard let resource = event.resource, !resource.isEmpty else { continue }
            if event.kind == "invocation" {
                invocations[id] = ResourceName.mapped(resource)
            } else if event.error == nil, Self.actions.contains(event.action ?? ""), let cause = event.causeId,
                let source = invocations[cause]
            {
                counts[Path(source: source, target: ResourceName.mapped(resource)), default: 0] += 1
            }
        }
        if invocations.count > Self.longestMemory, let cursor {
            invocations = invocations.filter { $0.key > cursor - Self.longestMemory }
        }
    }
}
