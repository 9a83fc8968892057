import AWSModel
import AWSTypes

extension CloudWatchService {
    private static let pageSize = 500
    /// AWS: a metric without data for two weeks is not listed any more.
    private static let listedFor: Int64 = 14 * 86_400

    func listMetrics(
        _ input: CloudWatch.ListMetricsInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.ListMetricsOutput {
        let scope = Scope(accountID: input.owningAccount ?? call.scope.accountID, region: call.scope.region)
        let oldest = call.time.wholeSeconds - (input.recentlyActive == "PT3H" ? 3 * 3600 : Self.listedFor)
        var found: [[String]: MetricSeries] = [:]
        for metric in metrics.all where metric.lastRecorded >= oldest {
            let series = metric.series
            guard series.scope == scope, input.namespace == nil || series.namespace == input.namespace,
                input.metricName == nil || series.name == input.metricName,
                (input.dimensions ?? []).allSatisfy({ filter in
                    series.dimensions.contains {
                        $0.name == filter.name && (filter.value == nil || $0.value == filter.value)
                    }
                })
            else { continue }
            found[Self.key(of: series)] = series
        }
        let after = try Self.key(ofToken: input.nextToken)
        let keys = found.keys.sorted { $0.lexicographicallyPrecedes($1) }
            .drop { key in after.map { !$0.lexicographicallyPrecedes(key) } ?? false }
        let page = keys.prefix(Self.pageSize)
        let listed = page.compactMap { found[$0] }.map { series in
            CloudWatch.Metric(
                namespace: series.namespace, metricName: series.name,
                dimensions: series.dimensions.map { CloudWatch.Dimension(name: $0.name, value: $0.value) })
        }
        let nextToken = page.count < keys.count ? page.last.map(Self.token) : nil
        return CloudWatch.ListMetricsOutput(
            metrics: listed, nextToken: nextToken,
            owningAccounts: input.includeLinkedAccounts == true ? listed.map { _ in scope.accountID } : nil)
    }

    private static func key(of series: MetricSeries) -> [String] {
        [series.namespace, series.name] + series.dimensions.flatMap { [$0.name, $0.value] }
    }

    private static func token(_ key: [String]) -> String {
        Base64.encode(JSONWriter.bytes(.list(key.map { .string($0) })))
    }

    private static func key(ofToken token: String?) throws(ServiceError) -> [String]? {
        guard let token else { return nil }
        guard let bytes = Base64.decode(token), let key = (try? JSONReader.parse(bytes))?.list?.compactMap(\.string),
            key.count >= 2
        else { throw .metricParameterValue("Request parameter NextToken is invalid") }
        return key
    }
}
