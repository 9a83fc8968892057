import Synchronization
import TerminalUI

/// Work on several things, of which each may fail by itself: what the shell asks, runs, and tells of.
///
/// It knows the things by name only; `BulkAction` makes it of the rows of a list.
struct BulkJob: Sendable {
    /// Does what is to be done to the things at some positions; what failed comes back with the reason, by position.
    typealias Perform = @Sendable ([Int], ConsoleContext) async -> [Int: String]

    /// `Deleting 3 queues`.
    let doing: String
    /// `Deleted 3 queues`.
    let done: String
    /// `could not be deleted`.
    let undone: String
    let names: [String]
    /// What is left out, with the reason: the default bus.
    let leftOut: [String]
    /// How many things one call takes.
    let batch: Int
    /// Asked first, if anything is.
    let question: Dialog?
    let perform: Perform

    /// Runs the batches one after the other until all are done or it is told to stop.
    func run(
        _ positions: [Int], _ context: ConsoleContext, until stop: BulkStop,
        report: @Sendable (BulkProgress) -> Void
    ) async -> BulkProgress {
        var progress = BulkProgress()
        var rest = positions[...]
        while !rest.isEmpty, !stop.isRequested, !Task.isCancelled {
            let next = Array(rest.prefix(batch))
            rest = rest.dropFirst(batch)
            progress.running = next
            report(progress)
            let failures = await perform(next, context)
            progress.failures.merge(failures) { $1 }
            progress.succeeded.formUnion(next.filter { failures[$0] == nil })
        }
        progress.running = []
        progress.isOver = true
        report(progress)
        return progress
    }
}

/// How far a job is, by the positions of its things.
struct BulkProgress: Hashable, Sendable {
    var running: [Int] = []
    var succeeded: Set<Int> = []
    /// What the service said.
    var failures: [Int: String] = [:]
    var isOver = false

    var count: Int { succeeded.count + failures.count }
}

/// Ends a job after the batch that is under way: half of a call cannot be taken back.
final class BulkStop: Sendable {
    private let flag = Atomic(false)

    var isRequested: Bool { flag.load(ordering: .relaxed) }
    func request() { flag.store(true, ordering: .relaxed) }
}
