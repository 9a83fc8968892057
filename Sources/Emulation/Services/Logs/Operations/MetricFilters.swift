import AWSModel
import AWSTypes

// PutMetricFilter, DescribeMetricFilters, DeleteMetricFilter, TestMetricFilter.

extension LogsService {
    /// AWS: at most this many metric filters a group.
    private static let metricFilterLimit = 100
    private static let dimensionLimit = 3

    func putMetricFilter(_ input: Logs.PutMetricFilterRequest, _ call: Call) throws(ServiceError) -> Unit {
        let group = try group(input.logGroupName, in: call.scope)
        core.attribute(call, to: group.arn, detail: input.filterName)
        for transformation in input.metricTransformations {
            let dimensions = transformation.dimensions ?? [:]
            if !dimensions.isEmpty, transformation.defaultValue != nil {
                throw .invalidParameter(
                    "Invalid metric transformation: dimensions and default value are mutually exclusive properties.")
            }
            guard dimensions.count <= Self.dimensionLimit else {
                throw .invalidParameter("A metric filter can have at most \(Self.dimensionLimit) dimensions.")
            }
        }
        let existing = group.metricFilters[input.filterName]
        guard existing != nil || group.metricFilters.count < Self.metricFilterLimit else {
            throw ServiceError("LimitExceededException", "Resource limit exceeded.")
        }
        let filter = try MetricFilter(input, created: existing?.created ?? call.time)
        group.metricFilters[input.filterName] = filter
        save(filter, of: group)
        return Unit()
    }

    func deleteMetricFilter(_ input: Logs.DeleteMetricFilterRequest, _ call: Call) throws(ServiceError) -> Unit {
        let group = try group(input.logGroupName, in: call.scope)
        core.attribute(call, to: group.arn, detail: input.filterName)
        guard group.metricFilters.removeValue(forKey: input.filterName) != nil else {
            throw ServiceError("ResourceNotFoundException", "The specified metric filter does not exist.")
        }
        removeFilter("metric", input.filterName, of: group)
        return Unit()
    }

    func describeMetricFilters(
        _ input: Logs.DescribeMetricFiltersRequest, _ call: Call
    ) throws(ServiceError) -> Logs.DescribeMetricFiltersResponse {
        if (input.metricName == nil) != (input.metricNamespace == nil) {
            throw .invalidParameter("metricName and metricNamespace must be specified together.")
        }
        let among: [LogGroup] =
            if let name = input.logGroupName { [try group(name, in: call.scope)] } else { groups(in: call.scope) }
        let found = among.flatMap { group in
            group.metricFilters.values.sorted { $0.put.filterName < $1.put.filterName }
        }.filter { filter in
            filter.put.filterName.hasPrefix(input.filterNamePrefix ?? "")
                && (input.metricName == nil
                    || filter.put.metricTransformations.contains {
                        $0.metricName == input.metricName && $0.metricNamespace == input.metricNamespace
                    })
        }
        let (page, next) = try Self.page(found, input.nextToken, limit: input.limit) {
            "\($0.put.logGroupName)\n\($0.put.filterName)"
        }
        return Logs.DescribeMetricFiltersResponse(metricFilters: page.map(\.described), nextToken: next)
    }

    func testMetricFilter(
        _ input: Logs.TestMetricFilterRequest, _ call: Call
    ) throws(ServiceError) -> Logs.TestMetricFilterResponse {
        let pattern = try FilterPattern(input.filterPattern)
        return Logs.TestMetricFilterResponse(
            matches: input.logEventMessages.enumerated().filter { pattern.matches($1) }.map { index, message in
                Logs.MetricFilterMatchRecord(
                    eventNumber: index + 1, eventMessage: message,
                    extractedValues: pattern.extractedValues(of: message))
            })
    }

    /// A page of a list that a token names by the last element shown.
    static func page<Element>(
        _ all: [Element], _ token: String?, limit: Int?, most: Int = 50, key: (Element) -> String
    ) throws(ServiceError) -> (page: [Element], next: String?) {
        var rest = all[...]
        if let last = try LogsToken.name(token) {
            guard let index = all.firstIndex(where: { key($0) == last }) else {
                throw .invalidParameter("The specified nextToken is invalid.")
            }
            rest = all[(index + 1)...]
        }
        let page = Array(rest.prefix(min(max(limit ?? most, 1), most)))
        return (page, page.count < rest.count ? page.last.map { LogsToken.token(name: key($0)) } : nil)
    }
}
