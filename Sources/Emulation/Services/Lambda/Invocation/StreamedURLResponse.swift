/// The answer of a function URL while the function still writes it.
final class StreamedURLResponse {
    private let complete: (FunctionURLResponse) -> FunctionURLResponse
    private let send: (FunctionURLResponse) -> Void
    /// Written, but not yet as much as status and headers need.
    private var held: [UInt8] = []
    private(set) var hasBegun = false

    init(
        complete: @escaping (FunctionURLResponse) -> FunctionURLResponse, send: @escaping (FunctionURLResponse) -> Void
    ) {
        self.complete = complete
        self.send = send
    }

    func take(_ bytes: [UInt8], type: String) {
        guard !bytes.isEmpty else { return }
        if hasBegun { return send(FunctionURLResponse(status: 200, headers: [], body: bytes)) }
        guard type == FunctionURLResponse.integrationType else {
            return begin(FunctionURLResponse(status: 200, headers: [("content-type", type)], body: bytes))
        }
        held += bytes
        guard let (head, bodyStart) = FunctionURLResponse.prelude(of: held), held.count > bodyStart else { return }
        var first = head
        first.body = Array(held[bodyStart...])
        held = []
        begin(first)
    }

    private func begin(_ first: FunctionURLResponse) {
        hasBegun = true
        send(complete(first))
    }

    /// AWS: a function that fails now cuts its answer off; there is nobody left to tell.
    func end() { send(FunctionURLResponse(status: 200, headers: [], body: [])) }
}
