import AWSModel
import AWSTypes

// PutAnomalyDetector, DescribeAnomalyDetectors, DeleteAnomalyDetector.
//
// A detector is kept; its band is computed where it is asked for (see AnomalyBand).

extension CloudWatchService {
    /// What a detector is about; the older form names the metric outside of `SingleMetricAnomalyDetector`.
    private static func identity(
        _ single: CloudWatch.SingleMetricAnomalyDetector?, _ math: CloudWatch.MetricMathAnomalyDetector?,
        _ namespace: String?, _ name: String?, _ dimensions: [CloudWatch.Dimension]?, _ stat: String?
    ) throws(ServiceError) -> DocumentObject {
        if let math { return ["MetricMathAnomalyDetector": .object(math.document)] }
        guard let namespace = single?.namespace ?? namespace, let name = single?.metricName ?? name,
            let stat = single?.stat ?? stat
        else {
            throw .missingRequiredParameter(
                "The parameters Namespace, MetricName and Stat of the anomaly detector must be specified.")
        }
        let sorted = (single?.dimensions ?? dimensions ?? []).sorted { ($0.name, $0.value) < ($1.name, $1.value) }
        let detector = CloudWatch.SingleMetricAnomalyDetector(
            namespace: namespace, metricName: name, dimensions: sorted, stat: stat)
        return ["SingleMetricAnomalyDetector": .object(detector.document)]
    }

    func putAnomalyDetector(
        _ input: CloudWatch.PutAnomalyDetectorInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.PutAnomalyDetectorOutput {
        let identity = try Self.identity(
            input.singleMetricAnomalyDetector, input.metricMathAnomalyDetector, input.namespace, input.metricName,
            input.dimensions, input.stat)
        detectors[call.scope, default: [:]][JSONWriter.string(.object(identity))] = identity
        core.journal.record(
            "INSERT OR REPLACE INTO cloudwatch_detectors VALUES (?, ?, ?)",
            [.text(call.scope.accountID), .text(call.scope.region), .document(identity)])
        return CloudWatch.PutAnomalyDetectorOutput()
    }

    func deleteAnomalyDetector(
        _ input: CloudWatch.DeleteAnomalyDetectorInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.DeleteAnomalyDetectorOutput {
        let identity = try Self.identity(
            input.singleMetricAnomalyDetector, input.metricMathAnomalyDetector, input.namespace, input.metricName,
            input.dimensions, input.stat)
        guard detectors[call.scope]?.removeValue(forKey: JSONWriter.string(.object(identity))) != nil else {
            throw ServiceError("ResourceNotFoundException", "The anomaly detector does not exist.", status: 404)
        }
        core.journal.record(
            "DELETE FROM cloudwatch_detectors WHERE account = ? AND region = ? AND detector = ?",
            [.text(call.scope.accountID), .text(call.scope.region), .document(identity)])
        return CloudWatch.DeleteAnomalyDetectorOutput()
    }

    func describeAnomalyDetectors(
        _ input: CloudWatch.DescribeAnomalyDetectorsInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.DescribeAnomalyDetectorsOutput {
        let types = input.anomalyDetectorTypes.flatMap { $0.isEmpty ? nil : $0 } ?? ["SINGLE_METRIC"]
        let found = (detectors[call.scope] ?? [:]).sorted { $0.key < $1.key }.filter { _, identity in
            guard let single = identity.object("SingleMetricAnomalyDetector") else {
                return types.contains("METRIC_MATH")
            }
            let detector = CloudWatch.SingleMetricAnomalyDetector(single)
            return types.contains("SINGLE_METRIC")
                && (input.namespace == nil || detector.namespace == input.namespace)
                && (input.metricName == nil || detector.metricName == input.metricName)
                && (input.dimensions ?? []).allSatisfy { detector.dimensions?.contains($0) ?? false }
        }
        let (page, next) = try Self.page(found, input.nextToken, limit: input.maxResults ?? 50) { $0.key }
        return CloudWatch.DescribeAnomalyDetectorsOutput(
            anomalyDetectors: page.map { _, identity in
                let single = identity.object("SingleMetricAnomalyDetector").map {
                    CloudWatch.SingleMetricAnomalyDetector($0)
                }
                return CloudWatch.AnomalyDetector(
                    namespace: single?.namespace, metricName: single?.metricName, dimensions: single?.dimensions,
                    stat: single?.stat, stateValue: single.map { training(of: $0, call) } ?? "PENDING_TRAINING",
                    singleMetricAnomalyDetector: single,
                    metricMathAnomalyDetector: identity.object("MetricMathAnomalyDetector").map {
                        CloudWatch.MetricMathAnomalyDetector($0)
                    })
            }, nextToken: next)
    }

    /// How far a detector is, by the data of the last two weeks.
    private func training(of detector: CloudWatch.SingleMetricAnomalyDetector, _ call: Call) -> String {
        let series = MetricSeries(
            scope: call.scope, namespace: detector.namespace ?? "", name: detector.metricName ?? "",
            dimensions: detector.dimensions)
        let oldest = call.time.wholeSeconds - AnomalyBand.training
        let count =
            metrics.find(series, unit: nil)
            .map { $0.buckets(from: oldest, to: call.time.wholeSeconds + 1, period: 60).count }.max() ?? 0
        return count == 0
            ? "PENDING_TRAINING" : count < AnomalyBand.fewestPoints ? "TRAINED_INSUFFICIENT_DATA" : "TRAINED"
    }

    func restoreDetectors(from store: StoredRows) throws(StorageError) {
        try store.forEach("SELECT account, region, detector FROM cloudwatch_detectors") { row in
            let identity = row.document(2)
            let scope = Scope(accountID: row.text(0), region: row.text(1))
            detectors[scope, default: [:]][JSONWriter.string(.object(identity))] = identity
        }
    }
}
