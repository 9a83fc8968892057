import AWSModel
import AWSTypes
import TerminalUI

/// Forms of connections and API destinations. Secrets are typed unseen and never come back.
enum ConnectionForms {
    static func word(for type: String) -> String {
        switch type {
        case "BASIC": "user and password"
        case "API_KEY": "API key"
        case "OAUTH_CLIENT_CREDENTIALS": "OAuth client credentials"
        default: type
        }
    }

    static var connection: Form {
        func uses(_ kind: String) -> @Sendable (FormValues) -> Bool { { $0["type"] == kind } }
        return Form(
            "Create connection", submit: "Create",
            [
                FormField(
                    "name", "Name", of: ModelledMember(Events.createConnection, "Name"),
                    note: "letters, digits, . - and _"),
                FormField(
                    "type", "Authorization", .choice(["BASIC", "API_KEY", "OAUTH_CLIENT_CREDENTIALS"]),
                    value: "API_KEY", hint: "How the endpoint knows the caller"),
                FormField(
                    "user", "User", of: auth("BasicAuthParameters", "Username"), note: "sent with each call",
                    required: true, visible: uses("BASIC")),
                FormField(
                    "password", "Password", of: auth("BasicAuthParameters", "Password"), kind: .secret,
                    note: "never shown again", required: true, visible: uses("BASIC")),
                FormField(
                    "key", "Header", of: auth("ApiKeyAuthParameters", "ApiKeyName"), value: "Authorization",
                    note: "the header the key goes in", required: true,
                    visible: uses("API_KEY")),
                FormField(
                    "value", "API key", of: auth("ApiKeyAuthParameters", "ApiKeyValue"), kind: .secret,
                    note: "never shown again", required: true, visible: uses("API_KEY")),
                FormField(
                    "client", "Client id", of: auth("OAuthParameters", "ClientParameters", "ClientID"), required: true,
                    visible: uses("OAUTH_CLIENT_CREDENTIALS")),
                FormField(
                    "secret", "Client secret", of: auth("OAuthParameters", "ClientParameters", "ClientSecret"),
                    kind: .secret, note: "never shown again", required: true,
                    visible: uses("OAUTH_CLIENT_CREDENTIALS")),
                FormField(
                    "endpoint", "Token endpoint", of: auth("OAuthParameters", "AuthorizationEndpoint"),
                    note: "https://…, where tokens are fetched", required: true,
                    visible: uses("OAUTH_CLIENT_CREDENTIALS"), validate: { text, _ in urlProblem(text) }),
                FormField(
                    "method", "Method", of: auth("OAuthParameters", "HttpMethod"), value: "POST", note: "← → choose",
                    visible: uses("OAUTH_CLIENT_CREDENTIALS")),
                FormField("description", "Description", of: ModelledMember(Events.createConnection, "Description")),
            ])
    }

    private static func auth(_ path: String...) -> ModelledMember? {
        ModelledMember(Events.createConnection, path: ["AuthParameters"] + path)
    }

    private static func urlProblem(_ text: String) -> String? {
        text.hasPrefix("https://") || text.hasPrefix("http://") ? nil : "A URL that begins with https://"
    }

    static func connectionRequest(_ values: FormValues) -> Events.CreateConnectionRequest {
        var parameters = Events.CreateConnectionAuthRequestParameters()
        switch values["type"] {
        case "BASIC":
            parameters.basicAuthParameters = .init(username: values["user"], password: values["password"])
        case "API_KEY":
            parameters.apiKeyAuthParameters = .init(apiKeyName: values["key"], apiKeyValue: values["value"])
        default:
            parameters.oAuthParameters = .init(
                clientParameters: .init(clientID: values["client"], clientSecret: values["secret"]),
                authorizationEndpoint: values["endpoint"], httpMethod: values["method"])
        }
        return Events.CreateConnectionRequest(
            name: values["name"], description: values.optional("description"), authorizationType: values["type"],
            authParameters: parameters)
    }

    static func destination(connections: [String]) -> Form {
        Form(
            "Create API destination", submit: "Create",
            [
                FormField(
                    "name", "Name", of: ModelledMember(Events.createApiDestination, "Name"),
                    note: "letters, digits, . - and _"),
                FormField(
                    "connection", "Connection", .choice(connections), value: connections.first ?? "", hint: "← → choose"
                ),
                FormField(
                    "endpoint", "Endpoint", of: ModelledMember(Events.createApiDestination, "InvocationEndpoint"),
                    note: "https://…; * stands for a value of the target", required: true,
                    validate: { text, _ in urlProblem(text) }),
                FormField(
                    "method", "Method", .choice(["POST", "GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]),
                    value: "POST", hint: "← → choose"),
                FormField(
                    "rate", "Calls per second",
                    of: ModelledMember(Events.createApiDestination, "InvocationRateLimitPerSecond"), range: 1...300,
                    value: "300", note: "default 300",
                    required: true),
                FormField("description", "Description", of: ModelledMember(Events.createApiDestination, "Description")),
            ])
    }

    static func destinationRequest(_ values: FormValues, connectionARN: String) -> Events.CreateApiDestinationRequest {
        Events.CreateApiDestinationRequest(
            name: values["name"], description: values.optional("description"), connectionArn: connectionARN,
            invocationEndpoint: values["endpoint"], httpMethod: values["method"],
            invocationRateLimitPerSecond: values.integer("rate"))
    }
}
