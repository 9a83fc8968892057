import AWSModel
import AWSTypes

/// Global endpoints: kept and described. Events sent to one arrive at the bus of the region they were sent to, as on AWS
/// while the primary region is healthy; there is no failover to show within one engine.
extension EventsService {
    private func endpoint(_ name: String, _ call: Call) throws(ServiceError) -> Events.DescribeEndpointResponse {
        guard let endpoint = endpoints[call.scope]?[name] else {
            throw .eventsNotFound("Endpoint \(name) does not exist.")
        }
        core.attribute(call, to: endpoint.arn ?? "")
        return endpoint
    }

    func createEndpoint(_ input: Events.CreateEndpointRequest, _ call: Call) throws(ServiceError)
        -> Events.CreateEndpointResponse
    {
        guard endpoints[call.scope]?[input.name] == nil else {
            throw .eventsExists("Endpoint \(input.name) already exists.")
        }
        let id = "\(core.identifiers.hex(10)).\(core.identifiers.hex(3))"
        let endpoint = Events.DescribeEndpointResponse(
            name: input.name, description: input.description,
            arn: call.scope.arn("events", "endpoint/\(input.name)"), routingConfig: input.routingConfig,
            replicationConfig: input.replicationConfig ?? Events.ReplicationConfig(state: "ENABLED"),
            eventBuses: input.eventBuses, roleArn: input.roleArn, endpointId: id,
            endpointUrl: "https://\(id).endpoint.events.amazonaws.com", state: "ACTIVE", creationTime: core.now,
            lastModifiedTime: core.now)
        endpoints[call.scope, default: [:]][input.name] = endpoint
        saveEndpoint(input.name, call.scope, endpoint)
        core.attribute(call, to: endpoint.arn ?? "")
        return Events.CreateEndpointResponse(
            name: endpoint.name, arn: endpoint.arn, routingConfig: endpoint.routingConfig,
            replicationConfig: endpoint.replicationConfig, eventBuses: endpoint.eventBuses, roleArn: endpoint.roleArn,
            state: "CREATING")
    }

    func updateEndpoint(_ input: Events.UpdateEndpointRequest, _ call: Call) throws(ServiceError)
        -> Events.UpdateEndpointResponse
    {
        var endpoint = try endpoint(input.name, call)
        if let text = input.description { endpoint.description = text }
        if let config = input.routingConfig { endpoint.routingConfig = config }
        if let config = input.replicationConfig { endpoint.replicationConfig = config }
        if let buses = input.eventBuses { endpoint.eventBuses = buses }
        if let role = input.roleArn { endpoint.roleArn = role }
        endpoint.lastModifiedTime = core.now
        endpoints[call.scope]?[input.name] = endpoint
        saveEndpoint(input.name, call.scope, endpoint)
        return Events.UpdateEndpointResponse(
            name: endpoint.name, arn: endpoint.arn, routingConfig: endpoint.routingConfig,
            replicationConfig: endpoint.replicationConfig, eventBuses: endpoint.eventBuses, roleArn: endpoint.roleArn,
            endpointId: endpoint.endpointId, endpointUrl: endpoint.endpointUrl, state: "UPDATING")
    }

    func describeEndpoint(_ input: Events.DescribeEndpointRequest, _ call: Call) throws(ServiceError)
        -> Events.DescribeEndpointResponse
    {
        try endpoint(input.name, call)
    }

    func deleteEndpoint(_ input: Events.DeleteEndpointRequest, _ call: Call) throws(ServiceError)
        -> Events.DeleteEndpointResponse
    {
        _ = try endpoint(input.name, call)
        endpoints[call.scope]?[input.name] = nil
        saveEndpoint(input.name, call.scope, nil)
        return Events.DeleteEndpointResponse()
    }

    func listEndpoints(_ input: Events.ListEndpointsRequest, _ call: Call) throws(ServiceError)
        -> Events.ListEndpointsResponse
    {
        let all = endpoints[call.scope, default: [:]].filter { $0.key.hasPrefix(input.namePrefix ?? "") }
            .sorted { $0.key < $1.key }.map(\.value)
        let page = try page(all, token: input.nextToken, limit: input.maxResults)
        return Events.ListEndpointsResponse(
            endpoints: page.items.map { Events.Endpoint($0.document) }, nextToken: page.nextToken)
    }
}
