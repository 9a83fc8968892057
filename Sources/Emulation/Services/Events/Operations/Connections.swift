import AWSModel
import AWSTypes

extension EventsService {
    func addConnectionOperations(to table: inout OperationTable) {
        table.on(Events.createConnection, createConnection)
        table.on(Events.updateConnection, updateConnection)
        table.on(Events.describeConnection, describeConnection)
        table.on(Events.deleteConnection, deleteConnection)
        table.on(Events.deauthorizeConnection, deauthorizeConnection)
        table.on(Events.listConnections, listConnections)
        table.on(Events.createApiDestination, createApiDestination)
        table.on(Events.updateApiDestination, updateApiDestination)
        table.on(Events.describeApiDestination, describeApiDestination)
        table.on(Events.deleteApiDestination, deleteApiDestination)
        table.on(Events.listApiDestinations, listApiDestinations)
        table.on(Events.createEndpoint, createEndpoint)
        table.on(Events.updateEndpoint, updateEndpoint)
        table.on(Events.describeEndpoint, describeEndpoint)
        table.on(Events.deleteEndpoint, deleteEndpoint)
        table.on(Events.listEndpoints, listEndpoints)
    }

    private func connection(_ name: String, _ call: Call) throws(ServiceError) -> EventConnection {
        guard let connection = connections[call.scope]?[name] else {
            throw .eventsNotFound("Failed to describe the connection(s). Connection '\(name)' does not exist.")
        }
        core.attribute(call, to: connection.arn)
        return connection
    }

    private func checkAuthorization(
        _ type: String, _ parameters: Events.CreateConnectionAuthRequestParameters
    ) throws(ServiceError) {
        let given: [String: Bool] = [
            "BASIC": parameters.basicAuthParameters != nil, "API_KEY": parameters.apiKeyAuthParameters != nil,
            "OAUTH_CLIENT_CREDENTIALS": parameters.oAuthParameters != nil,
        ]
        guard given[type] == true else {
            throw .validation(
                "Authorization parameters are not valid for authorization type \(type).")
        }
    }

    func createConnection(_ input: Events.CreateConnectionRequest, _ call: Call) throws(ServiceError)
        -> Events.CreateConnectionResponse
    {
        guard connections[call.scope]?[input.name] == nil else {
            throw .eventsExists("Connection \(input.name) already exists.")
        }
        try checkAuthorization(input.authorizationType, input.authParameters)
        let connection = EventConnection(
            scope: call.scope, name: input.name, uuid: core.identifiers.uuid(), secretID: core.identifiers.hex(6),
            created: core.now, authorizationType: input.authorizationType, parameters: input.authParameters)
        connection.description = input.description
        connections[call.scope, default: [:]][input.name] = connection
        authorizeLater(connection)
        save(connection)
        core.attribute(call, to: connection.arn)
        return Events.CreateConnectionResponse(
            connectionArn: connection.arn, connectionState: connection.state, creationTime: connection.created,
            lastModifiedTime: connection.modified)
    }

    func updateConnection(_ input: Events.UpdateConnectionRequest, _ call: Call) throws(ServiceError)
        -> Events.UpdateConnectionResponse
    {
        let connection = try connection(input.name, call)
        if let parameters = input.authParameters {
            var merged = connection.parameters.document
            for (name, value) in parameters.document { merged[name] = value }
            connection.parameters = Events.CreateConnectionAuthRequestParameters(merged)
        }
        if let type = input.authorizationType { connection.authorizationType = type }
        try checkAuthorization(connection.authorizationType, connection.parameters)
        if let text = input.description { connection.description = text }
        connection.state = "AUTHORIZED"
        connection.reason = nil
        connection.token = nil
        connection.modified = core.now
        connection.authorized = core.now
        authorizeLater(connection)
        save(connection)
        return Events.UpdateConnectionResponse(
            connectionArn: connection.arn, connectionState: connection.state, creationTime: connection.created,
            lastModifiedTime: connection.modified, lastAuthorizedTime: connection.authorized)
    }

    func describeConnection(_ input: Events.DescribeConnectionRequest, _ call: Call) throws(ServiceError)
        -> Events.DescribeConnectionResponse
    {
        let connection = try connection(input.name, call)
        return Events.DescribeConnectionResponse(
            connectionArn: connection.arn, name: connection.name, description: connection.description,
            connectionState: connection.state, stateReason: connection.reason,
            authorizationType: connection.authorizationType, secretArn: connection.secretArn,
            authParameters: connection.shownParameters, creationTime: connection.created,
            lastModifiedTime: connection.modified, lastAuthorizedTime: connection.authorized)
    }

    func deleteConnection(_ input: Events.DeleteConnectionRequest, _ call: Call) throws(ServiceError)
        -> Events.DeleteConnectionResponse
    {
        let connection = try connection(input.name, call)
        connections[call.scope]?[input.name] = nil
        removeRow(of: connection)
        return Events.DeleteConnectionResponse(
            connectionArn: connection.arn, connectionState: "DELETING", creationTime: connection.created,
            lastModifiedTime: connection.modified, lastAuthorizedTime: connection.authorized)
    }

    func deauthorizeConnection(_ input: Events.DeauthorizeConnectionRequest, _ call: Call) throws(ServiceError)
        -> Events.DeauthorizeConnectionResponse
    {
        let connection = try connection(input.name, call)
        connection.state = "DEAUTHORIZED"
        connection.token = nil
        connection.modified = core.now
        save(connection)
        return Events.DeauthorizeConnectionResponse(
            connectionArn: connection.arn, connectionState: "DEAUTHORIZING", creationTime: connection.created,
            lastModifiedTime: connection.modified, lastAuthorizedTime: connection.authorized)
    }

    func listConnections(_ input: Events.ListConnectionsRequest, _ call: Call) throws(ServiceError)
        -> Events.ListConnectionsResponse
    {
        let all = connections[call.scope, default: [:]].values.filter {
            $0.name.hasPrefix(input.namePrefix ?? "") && $0.state == (input.connectionState ?? $0.state)
        }.sorted { $0.name < $1.name }
        let page = try page(all, token: input.nextToken, limit: input.limit)
        return Events.ListConnectionsResponse(
            connections: page.items.map {
                Events.Connection(
                    connectionArn: $0.arn, name: $0.name, connectionState: $0.state, stateReason: $0.reason,
                    authorizationType: $0.authorizationType, creationTime: $0.created, lastModifiedTime: $0.modified,
                    lastAuthorizedTime: $0.authorized)
            }, nextToken: page.nextToken)
    }

    // MARK: API destinations

    func connection(arn: String) -> EventConnection? {
        guard let parsed = ARN(arn), let name = parsed.resourceName.split(separator: "/").first else { return nil }
        let scope = Scope(accountID: parsed.accountID, region: parsed.region)
        return connections[scope]?[String(name)].flatMap { $0.arn == arn ? $0 : nil }
    }

    func destination(arn: String) -> APIDestination? {
        guard let parsed = ARN(arn) else { return nil }
        let scope = Scope(accountID: parsed.accountID, region: parsed.region)
        let name = parsed.resourceName.split(separator: "/").first.map(String.init) ?? ""
        return destinations[scope]?[name]
    }

    private func destination(_ name: String, _ call: Call) throws(ServiceError) -> APIDestination {
        guard let destination = destinations[call.scope]?[name] else {
            throw .eventsNotFound(
                "Failed to describe the api-destination(s). An api-destination '\(name)' does not exist.")
        }
        core.attribute(call, to: destination.arn)
        return destination
    }

    private func checkConnection(_ arn: String) throws(ServiceError) {
        guard let connection = connection(arn: arn) else {
            let name = ARN(arn)?.resourceName.split(separator: "/").first.map(String.init) ?? arn
            throw .eventsNotFound("Connection '\(name)' does not exist.")
        }
        guard connection.state != "DELETING" else {
            throw .eventsIllegalStatus("Connection \(connection.name) is being deleted.")
        }
    }

    func createApiDestination(_ input: Events.CreateApiDestinationRequest, _ call: Call) throws(ServiceError)
        -> Events.CreateApiDestinationResponse
    {
        guard destinations[call.scope]?[input.name] == nil else {
            throw .eventsExists("An api-destination '\(input.name)' already exists.")
        }
        try checkConnection(input.connectionArn)
        let destination = APIDestination(
            scope: call.scope, name: input.name, uuid: core.identifiers.uuid(), created: core.now,
            connectionArn: input.connectionArn, endpoint: input.invocationEndpoint, method: input.httpMethod)
        destination.description = input.description
        destination.rateLimit = input.invocationRateLimitPerSecond
        destinations[call.scope, default: [:]][input.name] = destination
        save(destination)
        core.attribute(call, to: destination.arn)
        return Events.CreateApiDestinationResponse(
            apiDestinationArn: destination.arn, apiDestinationState: state(of: destination),
            creationTime: destination.created, lastModifiedTime: destination.modified)
    }

    private func state(of destination: APIDestination) -> String {
        connection(arn: destination.connectionArn)?.state == "AUTHORIZED" ? "ACTIVE" : "INACTIVE"
    }

    func updateApiDestination(_ input: Events.UpdateApiDestinationRequest, _ call: Call) throws(ServiceError)
        -> Events.UpdateApiDestinationResponse
    {
        let destination = try destination(input.name, call)
        if let arn = input.connectionArn {
            try checkConnection(arn)
            destination.connectionArn = arn
        }
        if let text = input.description { destination.description = text }
        if let endpoint = input.invocationEndpoint { destination.endpoint = endpoint }
        if let method = input.httpMethod { destination.method = method }
        if let rate = input.invocationRateLimitPerSecond { destination.rateLimit = rate }
        destination.modified = core.now
        save(destination)
        return Events.UpdateApiDestinationResponse(
            apiDestinationArn: destination.arn, apiDestinationState: state(of: destination),
            creationTime: destination.created, lastModifiedTime: destination.modified)
    }

    func describeApiDestination(_ input: Events.DescribeApiDestinationRequest, _ call: Call) throws(ServiceError)
        -> Events.DescribeApiDestinationResponse
    {
        let destination = try destination(input.name, call)
        return Events.DescribeApiDestinationResponse(
            apiDestinationArn: destination.arn, name: destination.name, description: destination.description,
            apiDestinationState: state(of: destination), connectionArn: destination.connectionArn,
            invocationEndpoint: destination.endpoint, httpMethod: destination.method,
            invocationRateLimitPerSecond: destination.rateLimit ?? 300, creationTime: destination.created,
            lastModifiedTime: destination.modified)
    }

    func deleteApiDestination(_ input: Events.DeleteApiDestinationRequest, _ call: Call) throws(ServiceError)
        -> Events.DeleteApiDestinationResponse
    {
        let destination = try destination(input.name, call)
        destinations[call.scope]?[input.name] = nil
        removeRow(of: destination)
        return Events.DeleteApiDestinationResponse()
    }

    func listApiDestinations(_ input: Events.ListApiDestinationsRequest, _ call: Call) throws(ServiceError)
        -> Events.ListApiDestinationsResponse
    {
        let all = destinations[call.scope, default: [:]].values.filter {
            $0.name.hasPrefix(input.namePrefix ?? "") && $0.connectionArn == (input.connectionArn ?? $0.connectionArn)
        }.sorted { $0.name < $1.name }
        let page = try page(all, token: input.nextToken, limit: input.limit)
        return Events.ListApiDestinationsResponse(
            apiDestinations: page.items.map {
                Events.ApiDestination(
                    apiDestinationArn: $0.arn, name: $0.name, apiDestinationState: state(of: $0),
                    connectionArn: $0.connectionArn, invocationEndpoint: $0.endpoint, httpMethod: $0.method,
                    invocationRateLimitPerSecond: $0.rateLimit ?? 300, creationTime: $0.created,
                    lastModifiedTime: $0.modified)
            }, nextToken: page.nextToken)
    }
}
