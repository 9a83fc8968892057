import AWSModel
import AWSTypes

// PutMetricStream, GetMetricStream, ListMetricStreams, DeleteMetricStream, StartMetricStreams, StopMetricStreams. Streams
// are kept with their state; their Firehose is not here, so that nothing is sent.

extension CloudWatchService {
    static let metricStream = "metric-stream"

    private static func arn(ofStream item: CloudWatchItem) -> String {
        item.scope.arn("cloudwatch", "metric-stream/\(item.id)")
    }

    func putMetricStream(
        _ input: CloudWatch.PutMetricStreamInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.PutMetricStreamOutput {
        guard ["json", "opentelemetry0.7", "opentelemetry1.0"].contains(input.outputFormat) else {
            throw .metricParameterValue("The value \(input.outputFormat) for parameter OutputFormat is not supported.")
        }
        if input.includeFilters?.isEmpty == false, input.excludeFilters?.isEmpty == false {
            throw .invalidParameterCombination(
                ServiceError.mutuallyExclusive("IncludeFilters", "ExcludeFilters"))
        }
        let known = item(Self.metricStream, input.name, in: call.scope)
        var document = input.document
        document["Tags"] = nil
        document["state"] = .string(known?.document.string("state") ?? "running")
        let tags = Dictionary((input.tags ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        let item = put(Self.metricStream, input.name, document, tags, call)
        core.attribute(call, to: Self.arn(ofStream: item))
        return CloudWatch.PutMetricStreamOutput(arn: Self.arn(ofStream: item))
    }

    func getMetricStream(
        _ input: CloudWatch.GetMetricStreamInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.GetMetricStreamOutput {
        guard let item = item(Self.metricStream, input.name, in: call.scope) else {
            throw ServiceError(
                "ResourceNotFoundException", "MetricStream \(input.name) does not exist", status: 404)
        }
        let put = CloudWatch.PutMetricStreamInput(item.document)
        return CloudWatch.GetMetricStreamOutput(
            arn: Self.arn(ofStream: item), name: item.id, includeFilters: put.includeFilters,
            excludeFilters: put.excludeFilters, firehoseArn: put.firehoseArn, roleArn: put.roleArn,
            state: item.document.string("state"), creationDate: item.created, lastUpdateDate: item.modified,
            outputFormat: put.outputFormat, statisticsConfigurations: put.statisticsConfigurations,
            includeLinkedAccountsMetrics: put.includeLinkedAccountsMetrics ?? false)
    }

    func listMetricStreams(
        _ input: CloudWatch.ListMetricStreamsInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.ListMetricStreamsOutput {
        let found = items(Self.metricStream, in: call.scope)
        let (page, next) = try Self.page(found, input.nextToken, limit: input.maxResults ?? 500) { $0.id }
        return CloudWatch.ListMetricStreamsOutput(
            nextToken: next,
            entries: page.map { item in
                CloudWatch.MetricStreamEntry(
                    arn: Self.arn(ofStream: item), creationDate: item.created, lastUpdateDate: item.modified,
                    name: item.id, firehoseArn: item.document.string("FirehoseArn"),
                    state: item.document.string("state"), outputFormat: item.document.string("OutputFormat"))
            })
    }

    /// AWS: what is not there is as good as deleted.
    func deleteMetricStream(
        _ input: CloudWatch.DeleteMetricStreamInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.DeleteMetricStreamOutput {
        _ = removeItem(Self.metricStream, input.name, in: call.scope)
        return CloudWatch.DeleteMetricStreamOutput()
    }

    func startMetricStreams(
        _ input: CloudWatch.StartMetricStreamsInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.StartMetricStreamsOutput {
        setStreams(input.names, "running", call)
        return CloudWatch.StartMetricStreamsOutput()
    }

    func stopMetricStreams(
        _ input: CloudWatch.StopMetricStreamsInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.StopMetricStreamsOutput {
        setStreams(input.names, "stopped", call)
        return CloudWatch.StopMetricStreamsOutput()
    }

    private func setStreams(_ names: [String], _ state: String, _ call: Call) {
        for name in names {
            guard var item = item(Self.metricStream, name, in: call.scope) else { continue }
            item.document["state"] = .string(state)
            save(item)
        }
    }
}
