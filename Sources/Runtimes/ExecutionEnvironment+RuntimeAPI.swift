import Emulation
import NIOCore
import NIOHTTP1

/// The Lambda Runtime API, version 2018-06-01, as one environment answers it.
extension ExecutionEnvironment {
    func serve(_ request: RuntimeAPIRequest, _ exchange: RuntimeAPIExchange) {
        let root: Substring = "/2018-06-01/runtime/"
        let path = request.path.prefix { $0 != "?" }
        guard path.hasPrefix(root) else {
            exchange.refuse(.notFound, type: "NotFound", message: "404 page not found")
            return
        }
        let parts = path.dropFirst(root.count).split(separator: "/", omittingEmptySubsequences: false)
        switch (request.method, parts.count, parts.first, parts.last) {
        case (.GET, 2, "invocation", "next"): next(exchange)
        case (.POST, 2, "init", "error"): initError(request, exchange)
        case (.POST, 3, "invocation", "response"): respond(String(parts[1]), request, exchange, isError: false)
        case (.POST, 3, "invocation", "error"): respond(String(parts[1]), request, exchange, isError: true)
        default: exchange.refuse(.notFound, type: "NotFound", message: "404 page not found")
        }
    }

    private func next(_ exchange: RuntimeAPIExchange) {
        // What was written while initializing belongs before the START line.
        drain()
        switch phase {
        case .ended:
            refuseState(exchange, to: "Ready")
        case .initializing(let attempt):
            phase = .ready
            if attempt == 1 {
                timer?.cancel()
                timer = nil
                initMicroseconds = (NIODeadline.now() - processStartedAt).nanoseconds / 1000
            }
            limitProcesses()
            // Free before it is told: whoever hears of it may send an order at once.
            if invocation == nil, retirement == nil { pool.free(self) }
            report(
                .environmentReady(
                    environmentID: identity.id,
                    initMicroseconds: (NIODeadline.now() - processStartedAt).nanoseconds / 1000))
            if invocation != nil {
                deliver(to: exchange)
            } else {
                parked = exchange
                freeSince = .now()
                memoryTimer?.cancel()
                memoryTimer = nil
                if let retirement { condemn(.end(retirement)) }
            }
        case .ready:
            if let current = invocation {
                if current.delivered { refuseState(exchange, to: "Ready") } else { deliver(to: exchange) }
            } else {
                parked = exchange
            }
        }
    }

    /// Part of an answer that the function streams came.
    func wrote(_ bytes: [UInt8], of head: HTTPRequestHead) {
        guard let current = invocation, current.delivered, sentence == nil else { return }
        let requestID = current.pending.order.requestID
        guard head.uri.hasSuffix("/invocation/\(requestID)/response") else { return }
        drain()
        let type = head.headers.first(name: "Content-Type") ?? "application/octet-stream"
        report(.invocationWrote(requestID: requestID, contentType: type, bytes: bytes))
    }

    private func respond(
        _ requestID: String, _ request: RuntimeAPIRequest, _ exchange: RuntimeAPIExchange, isError: Bool
    ) {
        guard let current = invocation, current.delivered, sentence == nil else {
            refuseState(exchange, to: isError ? "InvocationErrorResponse" : "InvocationResponse")
            return
        }
        guard requestID == current.pending.order.requestID else {
            exchange.refuse(.badRequest, type: "InvalidRequestID", message: "Invalid request ID")
            return
        }
        if request.bodyTooLarge {
            exchange.refuse(
                .payloadTooLarge, type: "RequestEntityTooLarge",
                message: "Exceeded maximum allowed payload size (\(largestResponse) bytes).")
            let message = "Response payload size exceeded maximum allowed payload size (\(largestResponse) bytes)."
            finish(
                payload: PlatformErrors.payload(type: "Function.ResponseSizeTooLarge", message: message), status: .error
            )
            return
        }
        exchange.accept()
        // AWS: a function that fails while it streams says so after the body.
        if let type = request.trailers?.first(name: "Lambda-Runtime-Function-Error-Type") {
            let body = request.trailers?.first(name: "Lambda-Runtime-Function-Error-Body")
            finish(
                payload: body.flatMap(InvocationReport.decodedError)
                    ?? PlatformErrors.payload(type: type, message: "The function failed while it streamed."),
                status: .error)
            return
        }
        let isStreamed = request.headers.first(name: "Lambda-Runtime-Function-Response-Mode") == "streaming"
        finish(
            payload: request.body, status: isError ? .error : .success,
            streamedContentType: isStreamed
                ? request.headers.first(name: "Content-Type") ?? "application/octet-stream" : nil)
    }

    private func initError(_ request: RuntimeAPIRequest, _ exchange: RuntimeAPIExchange) {
        guard case .initializing = phase else {
            refuseState(exchange, to: "InitError")
            return
        }
        let type = request.headers.first(name: "Lambda-Runtime-Function-Error-Type") ?? "Runtime.Unknown"
        initFailure = (type, request.body)
        exchange.accept()
    }

    private func refuseState(_ exchange: RuntimeAPIExchange, to target: String) {
        let state =
            switch phase {
            case .initializing: "Started"
            case .ready: invocation?.delivered == true ? "Running" : "Ready"
            case .ended: "Exited"
            }
        exchange.refuse(
            .forbidden, type: "InvalidStateTransition",
            message:
                "State transition from \(state) to \(target) failed for runtime. Error: State transition is not allowed"
        )
    }
}
