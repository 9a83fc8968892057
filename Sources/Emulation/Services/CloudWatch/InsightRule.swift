import AWSModel

/// The definition of a Contributor Insights rule: which groups' lines count, for whom, and how much.
struct InsightRule {
    /// What a filter of the rule asks of a field.
    private enum Condition {
        case among([String], isNegated: Bool)
        case startsWith([String])
        case greater(Double)
        case less(Double)
        case equal(Double, isNegated: Bool)
        case present(Bool)

        init?(_ filter: DocumentValue) {
            func texts(_ key: String) -> [String]? { filter[key]?.list?.map(\.plainText) }
            if let among = texts("In") {
                self = .among(among, isNegated: false)
            } else if let others = texts("NotIn") {
                self = .among(others, isNegated: true)
            } else if let prefixes = texts("StartsWith") {
                self = .startsWith(prefixes)
            } else if let number = filter["GreaterThan"]?.double {
                self = .greater(number)
            } else if let number = filter["LessThan"]?.double {
                self = .less(number)
            } else if let number = filter["EqualTo"]?.double {
                self = .equal(number, isNegated: false)
            } else if let number = filter["NotEqualTo"]?.double {
                self = .equal(number, isNegated: true)
            } else if case .bool(let isPresent)? = filter["IsPresent"] {
                self = .present(isPresent)
            } else {
                return nil
            }
        }

        func isTrue(_ text: String?) -> Bool {
            if case .present(let isPresent) = self { return (text != nil) == isPresent }
            guard let text else { return false }
            return switch self {
            case .among(let texts, let isNegated): texts.contains(text) != isNegated
            case .startsWith(let prefixes): prefixes.contains { text.hasPrefix($0) }
            case .greater(let number): Double(text).map { $0 > number } ?? false
            case .less(let number): Double(text).map { $0 < number } ?? false
            case .equal(let number, let isNegated): Double(text).map { ($0 == number) != isNegated } ?? false
            case .present: true
            }
        }
    }

    private let groupNames: [String]
    private let isJSON: Bool
    /// Names of the fields of lines in the Common Log Format, by their place from 1 on.
    private let aliases: [String: Int]
    let keys: [String]
    private let valueOf: String?
    private let filters: [(field: String, condition: Condition)]
    /// Whether values are added up; else lines are counted.
    let sums: Bool

    /// Nil for a definition that is none.
    init?(_ text: String) {
        guard let document = try? JSONReader.parse(text), let contribution = document["Contribution"],
            let keys = contribution["Keys"]?.list?.compactMap(\.string)
        else { return nil }
        groupNames = (document["LogGroupNames"]?.list ?? []).compactMap(\.string)
        isJSON = document["LogFormat"]?.string?.uppercased() != "CLF"
        var aliases: [String: Int] = [:]
        for (place, name) in document["Fields"]?.object ?? [:] {
            if let place = Int(place), let name = name.string { aliases[name] = place }
        }
        self.aliases = aliases
        self.keys = keys
        valueOf = contribution["ValueOf"]?.string
        filters = (contribution["Filters"]?.list ?? []).compactMap { filter in
            guard let field = filter["Match"]?.string, let condition = Condition(filter) else { return nil }
            return (field, condition)
        }
        sums = document["AggregateOn"]?.string?.uppercased() == "SUM"
    }

    /// AWS: a name may end in an asterisk.
    func reads(_ group: String) -> Bool {
        groupNames.contains { $0.hasSuffix("*") ? group.hasPrefix($0.dropLast()) : group == $0 }
    }

    /// Who contributed by a line, and how much; nil for lines that do not count.
    func contribution(of message: String) -> (keys: [String], value: Double)? {
        let field: (String) -> String?
        if isJSON {
            guard let document = try? JSONReader.parse(message), document.object != nil else { return nil }
            field = { name in
                var reader = FilterReader(name)
                guard let selector = try? JSONSelector(&reader) else { return nil }
                return selector.values(in: document).first?.plainText
            }
        } else {
            let fields = FieldsPattern.split(message)
            field = { [aliases] name in
                guard let place = aliases[name] ?? Int(name), fields.indices.contains(place - 1) else { return nil }
                return fields[place - 1]
            }
        }
        guard filters.allSatisfy({ $0.condition.isTrue(field($0.field)) }) else { return nil }
        var found: [String] = []
        for key in keys {
            guard let text = field(key) else { return nil }
            found.append(text)
        }
        guard sums, let valueOf else { return (found, 1) }
        return field(valueOf).flatMap(Double.init).map { (found, $0) }
    }
}

/// What the lines of a time come to, by contributor and period.
struct InsightRuleTally {
    private struct Cell {
        var sum = 0.0
        var count = 0.0
        var minimum = Double.infinity
        var maximum = -Double.infinity

        mutating func add(_ value: Double) {
            sum += value
            count += 1
            minimum = min(minimum, value)
            maximum = max(maximum, value)
        }
    }

    /// The periods' starts in seconds.
    let starts: [Int64]
    private let period: Int64
    private var cells: [[String]: [Int64: Cell]] = [:]

    init(from start: Int64, to end: Int64, period: Int64) {
        let first = start - start % period
        starts = Array(stride(from: first, to: max(end, first + 1), by: Int(period)))
        self.period = period
    }

    mutating func add(_ keys: [String], _ value: Double, at time: Int64) {
        cells[keys, default: [:]][time - time % period, default: Cell()].add(value)
    }

    var total: Double { cells.values.reduce(0) { $0 + $1.values.reduce(0) { $0 + $1.sum } } }
    var contributorCount: Int { cells.count }

    /// The greatest contributors, with their values by period.
    func contributors(
        most: Int, byMaximum: Bool
    ) -> [(keys: [String], value: Double, points: [(start: Int64, value: Double)])] {
        let all = cells.map { keys, periods in
            let points = periods.sorted { $0.key < $1.key }.map { (start: $0.key, value: $0.value.sum) }
            let sum = points.reduce(0) { $0 + $1.value }
            return (keys: keys, value: sum, rank: byMaximum ? points.map(\.value).max() ?? 0 : sum, points: points)
        }
        return all.sorted { ($1.rank, $0.keys.joined()) < ($0.rank, $1.keys.joined()) }.prefix(most)
            .map { ($0.keys, $0.value, $0.points) }
    }

    /// One metric of a period; nil where AWS has no such metric.
    func value(of metric: String, at start: Int64) -> Double? {
        let present = cells.values.compactMap { $0[start] }
        return switch metric {
        case "UniqueContributors": Double(present.count)
        case "MaxContributorValue": present.map(\.sum).max() ?? 0
        case "SampleCount": present.reduce(0) { $0 + $1.count }
        case "Sum": present.reduce(0) { $0 + $1.sum }
        case "Minimum": present.map(\.minimum).min() ?? 0
        case "Maximum": present.map(\.maximum).max() ?? 0
        case "Average":
            present.isEmpty ? 0 : present.reduce(0) { $0 + $1.sum } / present.reduce(0) { $0 + $1.count }
        default: nil
        }
    }
}
