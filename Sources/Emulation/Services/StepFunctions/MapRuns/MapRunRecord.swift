import AWSModel
import StatesLanguage

/// One distributed Map at work: its limits, and a child execution for each item or batch.
final class MapRunRecord {
    enum Status: String { case running = "RUNNING", succeeded = "SUCCEEDED", failed = "FAILED", aborted = "ABORTED" }

    let arn: String
    let label: String
    /// A redrive's order takes the place of the one before: it has another id.
    var order: MapRunOrder
    /// The execution whose state this is.
    let parentArn: String
    let started: Instant
    var stopped: Instant?
    var status = Status.running
    var maxConcurrency: Int
    var toleratedFailureCount: Int
    var toleratedFailurePercentage: Double
    var redriveCount = 0
    var redriven: Instant?
    /// Standard children that wait for their own redrive.
    var pendingRedrives: Set<String> = []
    var resultsWritten = 0
    /// Whether a child's history grew too long for a redrive.
    var hasLongChildren = false
    /// Results are being written: no more children start.
    var isEnding = false

    /// Items that are still to be turned into children's inputs.
    var unprepared: [DocumentValue] = []
    /// Whether every item has its child: only then does the first one start, so that a restart finds all or none.
    var isPrepared = false
    var children: [MapRunChild] = []
    /// Children before this one have been started.
    var nextChild = 0
    var counts = MapRunCounts()
    var itemCounts = MapRunCounts()

    init(arn: String, label: String, order: MapRunOrder, parentArn: String, started: Instant) {
        self.arn = arn
        self.label = label
        self.order = order
        self.parentArn = parentArn
        self.started = started
        maxConcurrency = order.maxConcurrency
        toleratedFailureCount = order.toleratedFailureCount
        toleratedFailurePercentage = order.toleratedFailurePercentage
    }

    /// What the ARN ends in; the results' folder has the same name.
    var id: String { arn.split(separator: ":").last.map(String.init) ?? arn }

    /// AWS: 0 means as many as there may be, which is 10,000.
    var limit: Int { maxConcurrency == 0 ? 10_000 : min(maxConcurrency, 10_000) }

    /// AWS: without a tolerance one failure is too many; of two tolerances the first that is exceeded counts.
    var isBeyondTolerance: Bool {
        let failed = itemCounts.failed + itemCounts.timedOut
        guard failed > 0 else { return false }
        guard toleratedFailureCount > 0 || toleratedFailurePercentage > 0 else { return true }
        if toleratedFailureCount > 0, failed > toleratedFailureCount { return true }
        return toleratedFailurePercentage > 0
            && Double(failed) * 100 > toleratedFailurePercentage * Double(max(itemCounts.total, 1))
    }

    func set(_ status: MapRunChild.Status, ofChild place: Int) {
        counts.move(children[place].status, to: status, 1)
        itemCounts.move(children[place].status, to: status, children[place].items)
        children[place].status = status
    }

    func append(_ child: MapRunChild) {
        children.append(child)
        counts.add(child.status, 1)
        itemCounts.add(child.status, child.items)
    }

    func forgetChildren() {
        children = []
        counts = MapRunCounts()
        itemCounts = MapRunCounts()
        nextChild = 0
        isPrepared = false
    }
}

/// What one child execution is given, and what it came to.
struct MapRunChild {
    enum Status: String {
        case pending = "PENDING"
        case running = "RUNNING"
        case succeeded = "SUCCEEDED"
        case failed = "FAILED"
        case timedOut = "TIMED_OUT"
        case aborted = "ABORTED"
    }

    var input: String
    /// How many items are in it: more than one in a batch.
    var items: Int
    var status = Status.pending
    var arn: String?
    var output: String?
    var error: String?
    var cause: String?
    var started: Instant?
    var stopped: Instant?

    var hasEnded: Bool { status != .pending && status != .running }
}

struct MapRunCounts {
    private var byStatus: [MapRunChild.Status: Int] = [:]
    private(set) var total = 0

    mutating func add(_ status: MapRunChild.Status, _ count: Int) {
        byStatus[status, default: 0] += count
        total += count
    }

    mutating func move(_ old: MapRunChild.Status, to new: MapRunChild.Status, _ count: Int) {
        byStatus[old, default: 0] -= count
        byStatus[new, default: 0] += count
    }

    subscript(_ status: MapRunChild.Status) -> Int { byStatus[status] ?? 0 }
    var failed: Int { self[.failed] }
    var timedOut: Int { self[.timedOut] }
    var hasEnded: Int { total - self[.pending] - self[.running] }
}
