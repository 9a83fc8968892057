import AWSModel
import AWSTypes

/// The demo's traffic: what sends, how often, and whether it does.
extension SkuaService {
    func registerTraffic(_ table: inout OperationTable) {
        table.on(Skua.describeTraffic) { [unowned self] (_, _) in describeTraffic() }
        table.on(Skua.setTraffic) { [unowned self] (input, _) in
            traffic.setEnabled(input.isEnabled)
            return Skua.SetTrafficResponse(isEnabled: input.isEnabled)
        }
        table.on(Skua.putTrafficSource) { [unowned self] (input, _) throws(ServiceError) in try putSource(input) }
        table.on(Skua.deleteTrafficSource) { [unowned self] (input, _) throws(ServiceError) in
            guard traffic.remove(input.name) else {
                throw ServiceError(
                    "ResourceNotFoundException", "No traffic source is named \(input.name).", status: 404)
            }
            return Skua.DeleteTrafficSourceResponse([:])
        }
    }

    private func describeTraffic() -> Skua.DescribeTrafficResponse {
        let sources = traffic.sources.values.sorted { $0.name < $1.name }.map { source in
            Skua.TrafficSource(
                name: source.name, description: source.description, targetArn: source.targetArn,
                intervalSeconds: source.interval.inSeconds, isEnabled: traffic.isEnabled, sent: source.sent)
        }
        return Skua.DescribeTrafficResponse(sources: sources, isEnabled: traffic.isEnabled)
    }

    private func putSource(_ input: Skua.PutTrafficSourceRequest) throws(ServiceError) -> Skua.PutTrafficSourceResponse
    {
        guard let arn = ARN(input.targetArn), ["sqs", "lambda", "states"].contains(arn.service) else {
            throw .validation("TargetArn must be a queue, a function or a state machine.")
        }
        guard !input.bodies.isEmpty else { throw .validation("Bodies must hold at least one body.") }
        traffic.put(
            TrafficGenerator.Source(
                name: input.name, description: input.description ?? "", targetArn: input.targetArn,
                interval: .microseconds(Int64(input.intervalSeconds * 1_000_000)), bodies: input.bodies,
                messageGroupIDs: input.messageGroupIds ?? []))
        return Skua.PutTrafficSourceResponse(name: input.name)
    }
}
