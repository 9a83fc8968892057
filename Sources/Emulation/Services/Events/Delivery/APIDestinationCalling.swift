import AWSModel
import AWSTypes

/// Calls to API destinations, authenticated as their connections say.
extension EventsService {
    typealias DestinationAnswer = Result<OutgoingResponse, DeliveryFailure>

    /// A rule's event to an API destination.
    func callDestination(_ delivery: PendingDelivery) {
        guard let destination = destination(arn: delivery.target.arn) else {
            return ended(delivery, .failure(Self.missingDestination))
        }
        // AWS: what is over the destination's rate waits, and is not counted as an attempt.
        if !delivery.isAdmitted {
            delivery.isAdmitted = true
            let place = max(core.now, destination.nextCallAt ?? core.now)
            destination.nextCallAt = place + .microseconds(1_000_000 / destination.callsPerSecond)
            if place > core.now {
                delivery.attempts -= 1
                delivery.due = place
                store(delivery)
                return arm(delivery)
            }
        }
        delivery.isAdmitted = false
        // A request is on its way when the program may end: it goes out again then.
        waiting[delivery.id] = delivery
        store(delivery)
        call(destination, delivery.target.httpParameters, body: delivery.body) { [weak self] answer in
            self?.ended(delivery, answer.map { _ in () })
        }
    }

    private static let missingDestination = DeliveryFailure(
        code: "NO_RESOURCE", message: "The API destination or its connection does not exist.", isRetryable: false)

    /// Calls a destination by its ARN, for pipes.
    func call(
        destinationArn: String, _ parameters: Events.HttpParameters?, body: String,
        _ completion: @escaping (DestinationAnswer) -> Void
    ) {
        guard let destination = destination(arn: destinationArn) else {
            return completion(.failure(Self.missingDestination))
        }
        call(destination, parameters, body: body, completion)
    }

    private func call(
        _ destination: APIDestination, _ parameters: Events.HttpParameters?, body: String,
        _ completion: @escaping (DestinationAnswer) -> Void
    ) {
        guard let connection = connection(arn: destination.connectionArn) else {
            return completion(.failure(Self.missingDestination))
        }
        guard connection.isUsable else {
            return completion(
                .failure(
                    DeliveryFailure(
                        code: "NO_PERMISSIONS", message: "Connection \(connection.name) is \(connection.state).",
                        isRetryable: false)))
        }
        authorize(connection) { [weak self] result in
            guard let self else { return }
            switch result {
            case .failure(let failure): completion(.failure(failure))
            case .success(let headers):
                let request = request(destination, connection, headers, parameters, body)
                core.start(.http(request)) { event in
                    guard case .http(let answer) = event else { return }
                    completion(Self.outcome(answer, connection))
                }
            }
        }
    }

    private func request(
        _ destination: APIDestination, _ connection: EventConnection, _ authorization: [OutgoingRequest.Header],
        _ http: Events.HttpParameters?, _ text: String
    ) -> OutgoingRequest {
        let extra = connection.parameters.invocationHttpParameters
        var url = destination.endpoint
        for value in http?.pathParameterValues ?? [] {
            guard let star = url.firstIndex(of: "*") else { break }
            url.replaceSubrange(star...star, with: IAMText.percentEncoded(value))
        }
        var query = (http?.queryStringParameters ?? [:]).map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
        query += (extra?.queryStringParameters ?? []).map { ($0.key ?? "", $0.value ?? "") }
        url += Self.query(query, hasQuery: url.contains("?"))
        var headers = authorization
        headers.append(OutgoingRequest.Header("Content-Type", "application/json; charset=utf-8"))
        headers.append(OutgoingRequest.Header("User-Agent", "Amazon/EventBridge/ApiDestinations"))
        headers.append(OutgoingRequest.Header("Range", "bytes=0-1048575"))
        let given = (http?.headerParameters ?? [:]).sorted { $0.key < $1.key }.map {
            OutgoingRequest.Header($0.key, $0.value)
        }
        let own = (extra?.headerParameters ?? []).map { OutgoingRequest.Header($0.key ?? "", $0.value ?? "") }
        // AWS: what is given replaces what EventBridge sets, and the connection's own replaces both.
        for header in given + own {
            headers.removeAll { $0.name.lowercased() == header.name.lowercased() }
            headers.append(header)
        }
        var body = text
        if let members = extra?.bodyParameters, !members.isEmpty,
            var object = (try? JSONReader.parse(body))?.object
        {
            for member in members { object[member.key ?? ""] = .string(member.value ?? "") }
            body = JSONWriter.string(.object(object))
        }
        return OutgoingRequest(
            method: destination.method, url: url, headers: headers,
            body: ["GET", "HEAD"].contains(destination.method) ? [] : Array(body.utf8), timeout: .seconds(5))
    }

    private static func query(_ items: [(String, String)], hasQuery: Bool) -> String {
        guard !items.isEmpty else { return "" }
        return (hasQuery ? "&" : "?")
            + items.map { "\(IAMText.percentEncoded($0.0))=\(IAMText.percentEncoded($0.1))" }.joined(separator: "&")
    }

    /// AWS: 401, 407, 409, 429 and 5xx are tried again, other refusals are not.
    private static func outcome(_ result: OutgoingResult, _ connection: EventConnection) -> DestinationAnswer {
        switch result {
        case .failure(let failure):
            return .failure(
                DeliveryFailure(code: "CONNECTION_FAILURE", message: failure.message, isRetryable: true))
        case .success(let response):
            guard !(200..<300).contains(response.status) else { return .success(response) }
            if response.status == 401 || response.status == 407 { connection.token = nil }
            let isRetryable = [401, 407, 409, 429].contains(response.status) || response.status >= 500
            return .failure(
                DeliveryFailure(
                    code: isRetryable ? "SDK_CLIENT_ERROR" : "INVALID_REQUEST",
                    message: "The destination answered HTTP status \(response.status).", isRetryable: isRetryable))
        }
    }

    // MARK: Authorization

    /// AWS: a connection by OAuth gets its first token when it is made.
    func authorizeLater(_ connection: EventConnection) {
        guard connection.authorizationType == "OAUTH_CLIENT_CREDENTIALS" else { return }
        connection.state = "AUTHORIZING"
        core.later { [weak self] in
            self?.fetchToken(connection) { [weak self] result in
                guard let self, connection.state == "AUTHORIZING" else { return }
                switch result {
                case .success: connection.state = "AUTHORIZED"
                case .failure(let failure):
                    connection.state = "DEAUTHORIZED"
                    connection.reason = failure.message
                }
                save(connection)
            }
        }
    }

    /// The headers that prove who calls; an OAuth token is fetched where there is none.
    func authorize(
        _ connection: EventConnection,
        _ completion: @escaping (Result<[OutgoingRequest.Header], DeliveryFailure>) -> Void
    ) {
        let parameters = connection.parameters
        switch connection.authorizationType {
        case "BASIC":
            let basic = parameters.basicAuthParameters
            let pair = Base64.encode(Array("\(basic?.username ?? ""):\(basic?.password ?? "")".utf8))
            completion(.success([OutgoingRequest.Header("Authorization", "Basic \(pair)")]))
        case "API_KEY":
            let key = parameters.apiKeyAuthParameters
            completion(.success([OutgoingRequest.Header(key?.apiKeyName ?? "", key?.apiKeyValue ?? "")]))
        default: fetchToken(connection, completion)
        }
    }

    private func fetchToken(
        _ connection: EventConnection,
        _ completion: @escaping (Result<[OutgoingRequest.Header], DeliveryFailure>) -> Void
    ) {
        if let token = connection.token, token.until > core.now {
            return completion(.success([OutgoingRequest.Header("Authorization", "Bearer \(token.text)")]))
        }
        guard let oauth = connection.parameters.oAuthParameters else { return completion(.success([])) }
        core.start(.http(Self.tokenRequest(oauth))) { [weak self] event in
            guard let self, case .http(let result) = event else { return }
            guard case .success(let response) = result, (200..<300).contains(response.status),
                let answer = try? JSONReader.parse(response.body), let token = answer["access_token"]?.string
            else {
                return completion(
                    .failure(
                        DeliveryFailure(
                            code: "NO_PERMISSIONS", message: "The authorization endpoint gave no token.",
                            isRetryable: true)))
            }
            // AWS: a new one is fetched a minute before the old one ends.
            let seconds = answer["expires_in"]?.integer ?? 3600
            connection.token = (token, self.core.now + .seconds(max(Int(seconds) - 60, 1)))
            connection.authorized = self.core.now
            self.save(connection)
            completion(.success([OutgoingRequest.Header("Authorization", "Bearer \(token)")]))
        }
    }

    private static func tokenRequest(_ oauth: Events.CreateConnectionOAuthRequestParameters) -> OutgoingRequest {
        var form = [
            ("grant_type", "client_credentials"), ("client_id", oauth.clientParameters.clientID),
            ("client_secret", oauth.clientParameters.clientSecret),
        ]
        form += (oauth.oAuthHttpParameters?.bodyParameters ?? []).map { ($0.key ?? "", $0.value ?? "") }
        var headers = [OutgoingRequest.Header("Content-Type", "application/x-www-form-urlencoded")]
        headers += (oauth.oAuthHttpParameters?.headerParameters ?? []).map {
            OutgoingRequest.Header($0.key ?? "", $0.value ?? "")
        }
        let query = (oauth.oAuthHttpParameters?.queryStringParameters ?? []).map { ($0.key ?? "", $0.value ?? "") }
        return OutgoingRequest(
            method: oauth.httpMethod,
            url: oauth.authorizationEndpoint + Self.query(query, hasQuery: oauth.authorizationEndpoint.contains("?")),
            headers: headers, body: Array(Self.query(form, hasQuery: false).dropFirst().utf8), timeout: .seconds(5))
    }
}
