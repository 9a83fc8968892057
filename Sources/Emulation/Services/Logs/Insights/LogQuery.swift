import AWSModel

/// A query under way or done. AWS keeps results for a while; here they live until the engine stops.
final class LogQuery {
    /// Groups and a time to read, newest first, for one purpose.
    struct Scan {
        enum Purpose {
            case subquery(Int)
            /// The time that `diff` compares with.
            case previous
            case query
        }

        var purpose: Purpose
        var groups: [LogGroup]
        /// Milliseconds, both inclusive.
        var from: Int64
        var to: Int64
        /// Where to go on.
        fileprivate var group = 0
        fileprivate var before: LogEvent.Position

        init(_ purpose: Purpose, _ groups: [LogGroup], from: Int64, to: Int64) {
            self.purpose = purpose
            self.groups = groups
            self.from = from
            self.to = to
            before = LogEvent.Position(time: to + 1, sequence: 0)
        }
    }

    let id: String
    let scope: Scope
    let text: String
    let groups: [LogGroup]
    let created: Instant
    let from: Int64
    let to: Int64
    var status = "Running"
    private(set) var scanned = 0
    private(set) var bytes = 0
    var finished: Instant?

    private let query: InsightsQuery
    private let limit: Int?
    private var scans: ArraySlice<Scan>
    private var subpipelines: [InsightsPipeline]
    /// Made when the answers of all subqueries are there.
    private var pipeline: InsightsPipeline?

    /// - Parameter sources: the groups of each subquery.
    init(
        id: String, scope: Scope, text: String, query: InsightsQuery, limit: Int?, groups: [LogGroup],
        sources: [[LogGroup]], created: Instant, from: Int64, to: Int64
    ) {
        self.id = id
        self.scope = scope
        self.text = text
        self.query = query
        self.limit = limit
        self.groups = groups
        self.created = created
        self.from = from
        self.to = to
        subpipelines = query.subqueries.map { InsightsPipeline($0, limit: nil) }
        var scans = sources.enumerated().map { Scan(.subquery($0), $1, from: from, to: to) }
        if let comparison = query.comparison {
            let shift = comparison.shift(of: to - from + 1)
            scans.append(Scan(.previous, groups, from: from - shift, to: to - shift))
        }
        scans.append(Scan(.query, groups, from: from, to: to))
        self.scans = scans[...]
        if sources.isEmpty { pipeline = InsightsPipeline(query, limit: limit) }
    }

    /// AWS: queries are listed with what they were run over.
    var listed: String {
        let sources = groups.map { "SOURCE \"\($0.name)\"" }.joined(separator: " ")
        return "\(sources) START=\(from) END=\(to / 1000)999 | \(text)"
    }

    var matched: Int { pipeline?.matched ?? 0 }

    var rows: [[(field: String, value: String)]] { pipeline?.rows() ?? [] }

    // MARK: Reading

    /// What is to be read next; nil at the end.
    var next: (group: LogGroup, from: Int64, before: LogEvent.Position)? {
        scans.first.flatMap { scan in
            scan.groups.indices.contains(scan.group) ? (scan.groups[scan.group], scan.from, scan.before) : nil
        }
    }

    /// Takes one record in.
    func add(_ record: InsightsRecord, bytes count: Int) {
        scanned += 1
        bytes += count
        switch scans.first?.purpose {
        case .subquery(let index): subpipelines[index].add(record)
        case .previous: pipeline?.add(record, isPrevious: true)
        case .query: pipeline?.add(record)
        case nil: break
        }
    }

    /// Goes on behind an event, or in the next group where there are no more. False at the end of all.
    func advance(behind last: LogEvent.Position?) -> Bool {
        guard var scan = scans.first else { return false }
        if let last {
            scan.before = last
        } else {
            scan.group += 1
            scan.before = LogEvent.Position(time: scan.to + 1, sequence: 0)
        }
        scans[scans.startIndex] = scan
        while let scan = scans.first, scan.group >= scan.groups.count || isSatisfied(scan.purpose) { endScan() }
        return !scans.isEmpty
    }

    private func isSatisfied(_ purpose: Scan.Purpose) -> Bool {
        switch purpose {
        case .subquery(let index): subpipelines[index].isSatisfied
        case .previous: false
        case .query: pipeline?.isSatisfied ?? false
        }
    }

    private func endScan() {
        let ended = scans.removeFirst()
        guard case .subquery(let index) = ended.purpose, index == subpipelines.count - 1 else { return }
        // AWS: a subquery stands for the values of its one field.
        let answers = subpipelines.map { pipeline in
            Set(pipeline.rows().compactMap { row in row.first { $0.field != "@ptr" }?.value })
        }
        pipeline = InsightsPipeline(query.binding(answers), limit: limit)
    }
}
