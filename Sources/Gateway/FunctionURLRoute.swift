import AWSProtocols
import Emulation

/// Requests to `<id>.lambda-url.<region>.localhost`: no AWS operation, but a function's own address.
enum FunctionURLRoute {
    /// Whether the request was for a function; then it is answered, now or later.
    static func serve(
        _ request: WireRequest, from origin: Origin, core: EngineCore, _ authentication: Authentication,
        respond: @escaping @Sendable (WireResponse) -> Void, stream: @escaping @Sendable (WireResponse) -> Void
    ) -> Bool {
        guard let host = request.headers["host"], let id = functionID(ofHost: host),
            let functions = core.service(LambdaService.self)
        else { return false }
        let wanted = FunctionURLRequest(
            method: request.method, path: request.path, query: request.query,
            headers: request.headers.fields.map { ($0.name, $0.value) }, body: request.body, sourceIP: origin.remoteIP,
            isSecure: origin.scheme == "https", signer: authentication.signer(of: request, origin, core))
        functions.invokeURL(
            id: id, wanted, stream: request.method == "HEAD" ? nil : { part in stream(WireResponse(part)) }
        ) { answer in respond(WireResponse(answer)) }
        return true
    }

    private static func functionID(ofHost host: String) -> String? {
        let labels = host.split(separator: ".")
        return labels.count >= 3 && labels[1] == "lambda-url" ? String(labels[0]) : nil
    }
}

extension WireResponse {
    fileprivate init(_ answer: FunctionURLResponse) {
        self.init(
            status: answer.status,
            headers: WireHeaders(answer.headers.map { WireHeaders.Field($0.name, $0.value) }), body: answer.body)
    }
}
