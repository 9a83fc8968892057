import AWSModel
import AWSTypes

/// Calls to API destinations, authenticated as their connections say.
extension EventsService {
    func callDestination(_ delivery: PendingDelivery) {
        guard let destination = destination(arn: delivery.target.arn),
            let connection = connection(arn: destination.connectionArn)
        else {
            return ended(
                delivery,
                .failure(
                    DeliveryFailure(
                        code: "NO_RESOURCE", message: "The API destination or its connection does not exist.",
                        isRetryable: false)))
        }
        guard connection.state == "AUTHORIZED" else {
            return ended(
                delivery,
                .failure(
                    DeliveryFailure(
                        code: "NO_PERMISSIONS", message: "Connection \(connection.name) is \(connection.state).",
                        isRetryable: false)))
        }
        // A request is on its way when the program may end: it goes out again then.
        waiting[delivery.id] = delivery
        store(delivery)
        authorize(connection) { [weak self] result in
            guard let self else { return }
            switch result {
            case .failure(let failure): self.ended(delivery, .failure(failure))
            case .success(let headers): self.send(delivery, destination, connection, headers)
            }
        }
    }

    private func send(
        _ delivery: PendingDelivery, _ destination: APIDestination, _ connection: EventConnection,
        _ authorization: [OutgoingRequest.Header]
    ) {
        let http = delivery.target.httpParameters
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
        headers += (http?.headerParameters ?? [:]).sorted { $0.key < $1.key }.map {
            OutgoingRequest.Header($0.key, $0.value)
        }
        headers += (extra?.headerParameters ?? []).map { OutgoingRequest.Header($0.key ?? "", $0.value ?? "") }
        var body = delivery.body
        if let members = extra?.bodyParameters, !members.isEmpty,
            var object = (try? JSONReader.parse(body))?.object
        {
            for member in members { object[member.key ?? ""] = .string(member.value ?? "") }
            body = JSONWriter.string(.object(object))
        }
        let request = OutgoingRequest(
            method: destination.method, url: url, headers: headers,
            body: destination.method == "GET" ? [] : Array(body.utf8), timeout: .seconds(5))
        core.start(.http(request)) { [weak self] event in
            guard let self, case .http(let result) = event else { return }
            self.ended(delivery, Self.outcome(result, connection))
        }
    }

    private static func query(_ items: [(String, String)], hasQuery: Bool) -> String {
        guard !items.isEmpty else { return "" }
        return (hasQuery ? "&" : "?")
            + items.map { "\(IAMText.percentEncoded($0.0))=\(IAMText.percentEncoded($0.1))" }.joined(separator: "&")
    }

    /// AWS: 401, 407, 409, 429 and 5xx are tried again, other refusals are not.
    private static func outcome(
        _ result: Result<OutgoingResponse, OutgoingFailure>, _ connection: EventConnection
    ) -> Result<Void, DeliveryFailure> {
        switch result {
        case .failure(let failure):
            return .failure(
                DeliveryFailure(code: "CONNECTION_FAILURE", message: "\(failure)", isRetryable: true))
        case .success(let response):
            guard !(200..<300).contains(response.status) else { return .success(()) }
            if response.status == 401 || response.status == 407 { connection.token = nil }
            let isRetryable = [401, 407, 409, 429].contains(response.status) || response.status >= 500
            return .failure(
                DeliveryFailure(
                    code: isRetryable ? "SDK_CLIENT_ERROR" : "INVALID_REQUEST",
                    message: "The destination answered HTTP status \(response.status).", isRetryable: isRetryable))
        }
    }

    // MARK: Authorization

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
        let request = OutgoingRequest(
            method: oauth.httpMethod,
            url: oauth.authorizationEndpoint + Self.query(query, hasQuery: oauth.authorizationEndpoint.contains("?")),
            headers: headers, body: Array(Self.query(form, hasQuery: false).dropFirst().utf8), timeout: .seconds(5))
        core.start(.http(request)) { [weak self] event in
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
            let seconds = answer["expires_in"]?.integer ?? 3600
            connection.token = (token, self.core.now + .seconds(max(Int(seconds) - 30, 1)))
            connection.authorized = self.core.now
            self.save(connection)
            completion(.success([OutgoingRequest.Header("Authorization", "Bearer \(token)")]))
        }
    }
}
