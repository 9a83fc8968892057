import AWSModel
import Glibc

/// Takes records in, newest first, and gives the rows of the answer.
struct InsightsPipeline {
    private let query: InsightsQuery
    private let leading: [InsightsCommand]
    private let following: [InsightsCommand]
    private let limit: Int

    /// A first step that keeps sums instead of records.
    private enum Collector {
        case groups(InsightsGroups)
        case patterns(InsightsPatterns)
    }

    private var records: [InsightsRecord] = []
    private var collector: Collector?
    /// Columns to show, of the last `fields` or `display`.
    private var columns: [String]?
    private(set) var matched = 0

    /// AWS: at most 10,000 rows, also where no limit is named.
    static let mostRows = 10_000

    init(_ query: InsightsQuery, limit: Int?) {
        self.query = query
        let streaming = query.commands.prefix { $0.isStreaming }
        leading = Array(streaming)
        following = Array(query.commands.dropFirst(streaming.count))
        self.limit = min(query.limit ?? limit ?? Self.mostRows, Self.mostRows)
        switch following.first {
        case .stats(let aggregates, let by): collector = .groups(InsightsGroups(aggregates, by: by))
        case .pattern(let subject):
            collector = .patterns(InsightsPatterns(subject, comparesTimes: query.comparison != nil))
        // AWS: patterns of whole lines are compared where no pattern is named.
        case .diff: collector = .patterns(InsightsPatterns(.field("@message"), comparesTimes: true))
        default: break
        }
        columns = Self.columns(query.commands)
    }

    /// True once further records change nothing: enough are there, and none has to be counted or ordered.
    var isSatisfied: Bool {
        guard collector == nil, records.count >= limit else { return false }
        return following.allSatisfy { if case .limit = $0 { true } else { false } }
    }

    /// - Parameter isPrevious: of the time that `diff` compares with.
    mutating func add(_ record: InsightsRecord, isPrevious: Bool = false) {
        var passing = [record]
        for command in leading { passing = Self.apply(command, to: passing) }
        if !isPrevious { matched += passing.count }
        switch collector {
        case .groups(var groups):
            collector = nil
            for record in passing { groups.add(record) }
            collector = .groups(groups)
        case .patterns(var patterns):
            collector = nil
            for record in passing { patterns.add(record, isPrevious: isPrevious) }
            collector = .patterns(patterns)
        case nil: records += passing
        }
    }

    /// The rows so far.
    func rows() -> [[(field: String, value: String)]] {
        var all = records
        var rest = following
        switch collector {
        case .groups(let groups): all = groups.records()
        case .patterns(let patterns): all = patterns.records()
        case nil: break
        }
        if collector != nil { rest.removeFirst() }
        for command in rest { all = Self.apply(command, to: all) }
        return all.prefix(limit).map { record in
            var names = columns ?? ["@timestamp", "@message"]
            if !query.hasStats, record.values["@ptr"] != nil, !names.contains("@ptr") { names.append("@ptr") }
            return names.compactMap { name in record.values[name].map { (name, $0.text) } }
        }
    }

    private static func columns(_ commands: [InsightsCommand]) -> [String]? {
        var columns: [String]?
        var isFixed = false
        for command in commands {
            switch command {
            case .fields(let list) where !isFixed: columns = (columns ?? []) + list.map(\.name)
            case .parseGlob(_, _, let names) where !isFixed && columns != nil: columns = (columns ?? []) + names
            case .display(let list):
                columns = list.map(\.name)
                isFixed = true
            case .stats(let aggregates, let by):
                columns = by.map(\.name) + aggregates.map(\.name)
                isFixed = true
            case .pattern, .diff:
                let comparesTimes = commands.contains { if case .diff = $0 { true } else { false } }
                columns = InsightsPatterns.columns(comparesTimes: comparesTimes)
                isFixed = true
            default: break
            }
        }
        return columns
    }

    // MARK: Steps

    private static func apply(_ command: InsightsCommand, to records: [InsightsRecord]) -> [InsightsRecord] {
        switch command {
        case .fields(let columns), .display(let columns):
            return records.map { record in
                var record = record
                for column in columns {
                    if case .field(let name) = column.expression, name == column.name { continue }
                    // What a step of statistics made is called as it is written.
                    if record.values[column.name] == nil {
                        record.values[column.name] = record.value(of: column.expression)
                    }
                }
                return record
            }
        case .filter(let condition): return records.filter { $0.value(of: condition)?.isTrue ?? false }
        case .stats(let aggregates, let by):
            var groups = InsightsGroups(aggregates, by: by)
            for record in records { groups.add(record) }
            return groups.records()
        case .pattern(let subject):
            var patterns = InsightsPatterns(subject, comparesTimes: false)
            for record in records { patterns.add(record) }
            return patterns.records()
        // The patterns were compared as they were counted.
        case .diff: return records
        case .sort(let orders): return sorted(records, orders)
        case .limit(let count): return Array(records.prefix(count))
        case .parseGlob(let subject, let regex, let names):
            return records.map { record in
                guard let text = record.value(of: subject)?.text, let match = try? regex.regex.firstMatch(in: text)
                else { return record }
                var record = record
                for (index, name) in names.enumerated() {
                    if let part = match.output[index + 1].substring { record.values[name] = .text(String(part)) }
                }
                return record
            }
        case .parseRegex(let subject, let regex):
            return records.map { record in
                guard let text = record.value(of: subject)?.text, let groups = regex.groups(of: text) else {
                    return record
                }
                var record = record
                for (name, part) in groups { record.values[name] = .text(part) }
                return record
            }
        case .dedup(let names):
            var seen: Set<[InsightsValue?]> = []
            return records.filter { record in seen.insert(names.map { record.values[$0] }).inserted }
        case .unnest(let list, let name): return records.flatMap { unnested($0, list, name) }
        }
    }

    private static func unnested(
        _ record: InsightsRecord, _ list: InsightsExpression, _ name: String
    ) -> [InsightsRecord] {
        var found: DocumentValue?
        if case .field(let path) = list {
            found = path.split(separator: ".").reduce(record.document) { value, key in
                Int(key).flatMap { value?[$0] } ?? value?[String(key)]
            }
        }
        guard let elements = found?.list, !elements.isEmpty else { return [record] }
        return elements.map { element in
            var copy = record
            copy.values[name] = element.double.map { .number($0) } ?? .text(element.plainText)
            return copy
        }
    }

    private static func sorted(_ records: [InsightsRecord], _ orders: [InsightsCommand.Order]) -> [InsightsRecord] {
        let keyed = records.enumerated().map { index, record in
            (index: index, keys: orders.map { record.value(of: $0.expression) }, record: record)
        }
        return keyed.sorted { left, right in
            for (index, order) in orders.enumerated() {
                switch (left.keys[index], right.keys[index]) {
                case (nil, nil): continue
                case (nil, _): return false
                case (_, nil): return true
                case (let a, let b):
                    guard let comparison = InsightsRecord.compare(a, b), comparison != 0 else { continue }
                    return order.isDescending ? comparison > 0 : comparison < 0
                }
            }
            return left.index < right.index
        }.map(\.record)
    }
}

/// The groups of a `stats` step.
struct InsightsGroups {
    private struct Group {
        var keys: [InsightsValue?]
        /// Values of each aggregate's argument, with the time of the record they came from.
        var samples: [[(value: InsightsValue, time: Double)]]
        var count = 0
    }

    private let aggregates: [InsightsCommand.Column]
    private let by: [InsightsCommand.Column]
    private var groups: [[InsightsValue?]: Int] = [:]
    private var all: [Group] = []

    init(_ aggregates: [InsightsCommand.Column], by: [InsightsCommand.Column]) {
        self.aggregates = aggregates
        self.by = by
    }

    mutating func add(_ record: InsightsRecord) {
        let keys = by.map { record.value(of: $0.expression) }
        let index: Int
        if let known = groups[keys] {
            index = known
        } else {
            index = all.count
            groups[keys] = index
            all.append(Group(keys: keys, samples: Array(repeating: [], count: aggregates.count)))
        }
        all[index].count += 1
        let time = record.values["@timestamp"]?.number ?? 0
        for (place, column) in aggregates.enumerated() {
            guard case .call(let name, let arguments) = column.expression, let argument = arguments.first,
                !Self.isCountOfAll(name, arguments), let value = record.value(of: argument)
            else { continue }
            all[index].samples[place].append((value, time))
        }
    }

    private static func isCountOfAll(_ name: String, _ arguments: [InsightsExpression]) -> Bool {
        guard name == "count" else { return false }
        if case .literal(.text("*")) = arguments.first { return true }
        return arguments.isEmpty
    }

    /// One record a group. AWS: bins come newest first, other groups as they were met.
    func records() -> [InsightsRecord] {
        var groups = all
        if groups.isEmpty, by.isEmpty {
            groups = [Group(keys: [], samples: Array(repeating: [], count: aggregates.count))]
        }
        return groups.map { group in
            var record = InsightsRecord()
            for (column, key) in zip(by, group.keys) { record.values[column.name] = key }
            for (column, samples) in zip(aggregates, group.samples) {
                guard case .call(let name, let arguments) = column.expression else { continue }
                record.values[column.name] =
                    Self.isCountOfAll(name, arguments)
                    ? .number(Double(group.count)) : Self.value(name, arguments, samples)
            }
            return record
        }
    }

    private static func value(
        _ name: String, _ arguments: [InsightsExpression], _ samples: [(value: InsightsValue, time: Double)]
    ) -> InsightsValue? {
        switch name {
        case "count": return .number(Double(samples.count))
        case "count_distinct": return .number(Double(Set(samples.map(\.value.text)).count))
        case "earliest": return samples.min { $0.time < $1.time }?.value
        case "latest": return samples.max { $0.time < $1.time }?.value
        case "sortsfirst": return samples.map(\.value).min { InsightsRecord.compare($0, $1) ?? 0 < 0 }
        case "sortslast": return samples.map(\.value).max { InsightsRecord.compare($0, $1) ?? 0 < 0 }
        default: break
        }
        let numbers = samples.compactMap(\.value.number)
        guard !numbers.isEmpty else { return nil }
        let isTime = samples.allSatisfy { if case .time = $0.value { true } else { false } }
        func point(_ value: Double?) -> InsightsValue? { value.map { isTime ? .time($0) : .number($0) } }
        switch name {
        case "sum": return .number(numbers.reduce(0, +))
        case "avg": return point(numbers.reduce(0, +) / Double(numbers.count))
        case "min": return point(numbers.min())
        case "max": return point(numbers.max())
        case "median": return .number(percentile(50, numbers))
        case "stddev": return .number(MathFunctions.standardDeviation(numbers))
        case "pct", "percentile":
            guard arguments.count == 2, case .literal(let percent) = arguments[1], let share = percent.number else {
                return nil
            }
            return .number(percentile(share, numbers))
        default: return nil
        }
    }

    private static func percentile(_ percent: Double, _ numbers: [Double]) -> Double {
        let sorted = numbers.sorted()
        let rank = Int((percent / 100 * Double(sorted.count)).rounded(.up))
        return sorted[max(0, min(sorted.count - 1, rank - 1))]
    }
}
