import AWSModel

/// The name of a line in an answer. AWS: a label may have dynamic parts such as `${MAX}` or `${PROP('Dim.QueueName')}`.
struct MetricLabel {
    let line: MathSeries

    func resolved(_ label: String) -> String {
        guard label.contains("${") else { return label }
        var result = ""
        var rest = label[...]
        while let start = rest.firstRange(of: "${") {
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else { break }
            result += rest[..<start.lowerBound]
            let name = rest[start.upperBound..<end]
            result += part(name) ?? String(rest[start.lowerBound...end])
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    /// Nil for a name there is none of; `--` where there is no data, as the console shows it.
    private func part(_ name: Substring) -> String? {
        let values = line.values
        switch name {
        case "LABEL": return line.label
        case "AVG": return text(values.isEmpty ? nil : values.reduce(0, +) / Double(values.count))
        case "MIN": return text(values.min())
        case "MAX": return text(values.max())
        case "SUM": return text(values.isEmpty ? nil : values.reduce(0, +))
        case "FIRST": return text(values.first)
        case "LAST": return text(values.last)
        case "FIRST_LAST_RANGE":
            return text(values.last.flatMap { last in values.first.map { last - $0 } })
        case "MIN_MAX_RANGE": return text(values.max().flatMap { high in values.min().map { high - $0 } })
        case "FIRST_TIME": return time(line.times.first)
        case "LAST_TIME": return time(line.times.last)
        case "MIN_TIME": return time(values.min().flatMap { values.firstIndex(of: $0) }.map { line.times[$0] })
        case "MAX_TIME": return time(values.max().flatMap { values.firstIndex(of: $0) }.map { line.times[$0] })
        case "DATAPOINT_COUNT": return String(values.count)
        default: break
        }
        guard name.hasPrefix("PROP('"), name.hasSuffix("')") else { return nil }
        return property(name.dropFirst(6).dropLast(2))
    }

    private func property(_ name: Substring) -> String? {
        if name == "Period" { return String(line.period) }
        guard let series = line.source else { return nil }
        switch name {
        case "AccountId", "AccountLabel": return series.scope.accountID
        case "Region": return series.scope.region
        case "Namespace": return series.namespace
        case "MetricName": return series.name
        case "Stat": return line.statistic
        default:
            guard name.hasPrefix("Dim.") else { return nil }
            return series.dimensions.first { $0.name == name.dropFirst(4) }?.value
        }
    }

    private func text(_ value: Double?) -> String {
        guard let value else { return "--" }
        let rounded = (value * 1000).rounded() / 1000
        return Int64(exactly: rounded).map(String.init) ?? "\(rounded)"
    }

    private func time(_ seconds: Int64?) -> String {
        seconds.map { Instant(wholeSeconds: $0).iso8601(milliseconds: false) } ?? "--"
    }
}
