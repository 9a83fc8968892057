import AWSClient
import AWSProtocols
import Emulation

/// Sends what the engine has to say to servers outside.
struct OutgoingHTTP: Sendable {
    private let client: PlainHTTPClient

    init(client: PlainHTTPClient = PlainHTTPClient()) { self.client = client }

    func perform(_ request: OutgoingRequest, report: @escaping @Sendable (OutgoingResult) -> Void) {
        Task { report(await answer(to: request)) }
    }

    func answer(to request: OutgoingRequest) async -> OutgoingResult {
        guard let (endpoint, target) = Self.parts(of: request.url) else {
            return .failure(OutgoingFailure(.invalidURL, "'\(request.url)' is no http or https URL."))
        }
        let wire = WireRequest(
            method: request.method, target: target,
            headers: WireHeaders(request.headers.map { WireHeaders.Field($0.name, $0.value) }), body: request.body)
        let start = ContinuousClock.now
        func elapsed() -> Int64 { start.duration(to: .now).wholeMicroseconds }
        do throws(PlainHTTPClient.Failure) {
            let (response, isComplete) = try await client.send(
                wire, to: endpoint, trust: Self.trust(request.trust),
                limits: PlainHTTPClient.Limits(
                    timeout: request.timeout, maximumBytes: request.maximumResponseBytes))
            return .success(
                OutgoingResponse(
                    status: response.status,
                    headers: response.headers.fields.map { OutgoingRequest.Header($0.name, $0.value) },
                    body: response.body, isTruncated: !isComplete, durationMicroseconds: elapsed()))
        } catch {
            let (kind, reason): (OutgoingFailure.Kind, String) =
                switch error {
                case .unknownHost(let reason): (.unknownHost, reason)
                case .connectionFailed(let reason): (.connectionFailed, reason)
                case .untrusted(let reason): (.untrusted, reason)
                case .timedOut: (.timedOut, "it did not answer in time")
                }
            return .failure(
                OutgoingFailure(
                    kind, "\(endpoint) cannot be reached: \(reason).", durationMicroseconds: elapsed()))
        }
    }

    /// Who to connect to, and what to ask for there.
    private static func parts(of url: String) -> (Endpoint, target: String)? {
        guard let scheme = url.range(of: "://") else { return nil }
        let rest = url[scheme.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        var authority = rest[..<end]
        // User and password are the caller's to put into a header.
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        guard let endpoint = Endpoint(url[..<scheme.upperBound].lowercased() + authority) else { return nil }
        let target = rest[end...].prefix { $0 != "#" }
        return (endpoint, target.hasPrefix("/") ? String(target) : "/" + target)
    }

    private static func trust(_ trust: OutgoingRequest.Trust) -> PlainHTTPClient.Trust {
        switch trust {
        case .systemAuthorities: .systemAuthorities
        case .alsoAuthorities(let pem): .alsoAuthorities(pem: pem)
        case .anyCertificate: .anyCertificate
        }
    }
}
