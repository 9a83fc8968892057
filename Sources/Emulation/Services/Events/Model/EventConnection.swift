import AWSModel
import AWSTypes

/// How an API destination authenticates. Its secrets stay in the world's own file.
final class EventConnection {
    let scope: Scope
    let name: String
    let uuid: String
    let secretID: String
    let created: Instant
    var modified: Instant
    var authorized: Instant?
    var description: String?
    var authorizationType: String
    var state = "AUTHORIZED"
    var reason: String?
    var parameters: Events.CreateConnectionAuthRequestParameters
    /// An OAuth token, and until when it holds.
    var token: (text: String, until: Instant)?

    init(
        scope: Scope, name: String, uuid: String, secretID: String, created: Instant, authorizationType: String,
        parameters: Events.CreateConnectionAuthRequestParameters
    ) {
        self.scope = scope
        self.name = name
        self.uuid = uuid
        self.secretID = secretID
        self.created = created
        modified = created
        authorized = created
        self.authorizationType = authorizationType
        self.parameters = parameters
    }

    var arn: String { scope.arn("events", "connection/\(name)/\(uuid)") }
    /// While its first token is being fetched, a call fetches one of its own.
    var isUsable: Bool { state == "AUTHORIZED" || state == "AUTHORIZING" }
    var secretArn: String {
        scope.arn("secretsmanager", "secret:events!connection/\(name)/\(uuid)-\(secretID)")
    }

    /// What may be shown: no password, key or secret.
    var shownParameters: Events.ConnectionAuthResponseParameters {
        func hidden(_ parameters: Events.ConnectionHttpParameters?) -> Events.ConnectionHttpParameters? {
            guard var parameters else { return nil }
            parameters.headerParameters = parameters.headerParameters?.map {
                Events.ConnectionHeaderParameter(
                    key: $0.key, value: $0.isValueSecret == true ? nil : $0.value,
                    isValueSecret: $0.isValueSecret ?? false)
            }
            parameters.queryStringParameters = parameters.queryStringParameters?.map {
                Events.ConnectionQueryStringParameter(
                    key: $0.key, value: $0.isValueSecret == true ? nil : $0.value,
                    isValueSecret: $0.isValueSecret ?? false)
            }
            parameters.bodyParameters = parameters.bodyParameters?.map {
                Events.ConnectionBodyParameter(
                    key: $0.key, value: $0.isValueSecret == true ? nil : $0.value,
                    isValueSecret: $0.isValueSecret ?? false)
            }
            return parameters
        }
        return Events.ConnectionAuthResponseParameters(
            basicAuthParameters: parameters.basicAuthParameters.map {
                Events.ConnectionBasicAuthResponseParameters(username: $0.username)
            },
            oAuthParameters: parameters.oAuthParameters.map {
                Events.ConnectionOAuthResponseParameters(
                    clientParameters: Events.ConnectionOAuthClientResponseParameters(
                        clientID: $0.clientParameters.clientID),
                    authorizationEndpoint: $0.authorizationEndpoint, httpMethod: $0.httpMethod,
                    oAuthHttpParameters: hidden($0.oAuthHttpParameters))
            },
            apiKeyAuthParameters: parameters.apiKeyAuthParameters.map {
                Events.ConnectionApiKeyAuthResponseParameters(apiKeyName: $0.apiKeyName)
            },
            invocationHttpParameters: hidden(parameters.invocationHttpParameters))
    }

    var document: DocumentObject {
        var document: DocumentObject = [
            "uuid": .string(uuid), "secret": .string(secretID), "created": .integer(created.microseconds),
            "modified": .integer(modified.microseconds), "type": .string(authorizationType), "state": .string(state),
            "parameters": .object(parameters.document),
        ]
        document.putString("description", description)
        document.putString("reason", reason)
        document.putInteger("authorized", authorized.map { Int($0.microseconds) })
        return document
    }

    convenience init(scope: Scope, name: String, document: DocumentObject) {
        self.init(
            scope: scope, name: name, uuid: document.string("uuid") ?? "", secretID: document.string("secret") ?? "",
            created: Instant(microseconds: document["created"]?.integer ?? 0),
            authorizationType: document.string("type") ?? "BASIC",
            parameters: Events.CreateConnectionAuthRequestParameters(document.object("parameters") ?? [:]))
        modified = Instant(microseconds: document["modified"]?.integer ?? 0)
        authorized = document["authorized"]?.integer.map { Instant(microseconds: $0) }
        state = document.string("state") ?? "AUTHORIZED"
        description = document.string("description")
        reason = document.string("reason")
    }
}

/// An HTTP endpoint that rules may call.
final class APIDestination {
    let scope: Scope
    let name: String
    let uuid: String
    let created: Instant
    var modified: Instant
    var description: String?
    var connectionArn: String
    var endpoint: String
    var method: String
    var rateLimit: Int?
    /// The first free place in the rate that it allows.
    var nextCallAt: Instant?

    /// AWS: 300 a second unless it says otherwise.
    var callsPerSecond: Int { max(1, rateLimit ?? 300) }

    init(
        scope: Scope, name: String, uuid: String, created: Instant, connectionArn: String, endpoint: String,
        method: String
    ) {
        self.scope = scope
        self.name = name
        self.uuid = uuid
        self.created = created
        modified = created
        self.connectionArn = connectionArn
        self.endpoint = endpoint
        self.method = method
    }

    var arn: String { scope.arn("events", "api-destination/\(name)/\(uuid)") }

    var document: DocumentObject {
        var document: DocumentObject = [
            "uuid": .string(uuid), "created": .integer(created.microseconds),
            "modified": .integer(modified.microseconds), "connection": .string(connectionArn),
            "endpoint": .string(endpoint), "method": .string(method),
        ]
        document.putString("description", description)
        document.putInteger("rate", rateLimit)
        return document
    }

    convenience init(scope: Scope, name: String, document: DocumentObject) {
        self.init(
            scope: scope, name: name, uuid: document.string("uuid") ?? "",
            created: Instant(microseconds: document["created"]?.integer ?? 0),
            connectionArn: document.string("connection") ?? "", endpoint: document.string("endpoint") ?? "",
            method: document.string("method") ?? "POST")
        modified = Instant(microseconds: document["modified"]?.integer ?? 0)
        description = document.string("description")
        rateLimit = document.integer("rate")
    }
}
