import AWSModel
import AWSProtocols
import AWSTypes
import Emulation
import NIOCore

/// What happens to every request, in order. Each step is one function; the first that throws decides the answer.
public final class HandlerChain: Sendable {
    typealias Step = @Sendable (inout Exchange, EngineCore) throws(Refusal) -> Void

    private let eventLoop: any EventLoop
    private let engine: NIOLoopBoundBox<Engine?>
    private let authentication: Authentication
    private let steps: [Step]
    private let accessLog: (@Sendable (String) -> Void)?

    public init(
        eventLoop: any EventLoop, accountID: String, region: String, checksSignatures: Bool, isReadOnly: Bool,
        accessLog: (@Sendable (String) -> Void)?
    ) {
        self.eventLoop = eventLoop
        engine = .makeBoxSendingValue(nil, eventLoop: eventLoop)
        let authentication = Authentication(
            defaultScope: Scope(accountID: accountID, region: region), checksSignatures: checksSignatures)
        let resolver = RouteResolver(addresses: ServiceModel.addresses, load: ServiceModel.load)
        self.authentication = authentication
        steps = [
            { (exchange, _) throws(Refusal) in try Self.resolve(&exchange, resolver) },
            { (exchange, core) throws(Refusal) in try authentication.authenticate(&exchange, core) },
            { (exchange, _) throws(Refusal) in try Self.decode(&exchange) },
            { (exchange, _) throws(Refusal) in try Self.validate(exchange) },
            { (exchange, _) throws(Refusal) in
                if isReadOnly { try Self.refuseWrites(exchange) }
            },
        ]
        self.accessLog = accessLog
    }

    /// Lets requests through; until then they are told to come back.
    public func open(to engine: Engine) {
        eventLoop.execute { self.engine.value = engine }
    }

    /// Takes one request. `respond` is called once, on the event loop, now or later.
    /// - Returns: what to call if the client goes away first; nil where the answer is already given.
    /// - Parameter stream: takes an answer that comes in pieces: the first with its head, the last one empty.
    func handle(
        _ request: WireRequest, from origin: Origin, respond: @escaping @Sendable (WireResponse) -> Void,
        stream: @escaping @Sendable (WireResponse) -> Void
    ) -> (() -> Void)? {
        guard let engine = engine.value else {
            respond(Self.plain(503, "The engine is starting."))
            return nil
        }
        return engine.assumeIsolated { engine in
            engine.turn { core in self.perform(request, from: origin, core: core, respond: respond, stream: stream) }
        }.map { id in
            { engine.assumeIsolated { $0.turn { $0.abandon(id) } } }
        }
    }

    private func perform(
        _ request: WireRequest, from origin: Origin, core: EngineCore,
        respond: @escaping @Sendable (WireResponse) -> Void, stream: @escaping @Sendable (WireResponse) -> Void
    ) -> PendingReplies.ID? {
        if let response = EngineRoutes.answer(request, core: core) {
            respond(response)
            return nil
        }
        if FunctionURLRoute.serve(
            request, from: origin, core: core, authentication, respond: respond, stream: stream)
        {
            return nil
        }
        var exchange = Exchange(request: request, origin: origin, requestID: core.identifiers.uuid())
        do throws(Refusal) {
            for step in steps { try step(&exchange, core) }
        } catch {
            finish(exchange, error.response(to: exchange), respond)
            return nil
        }
        guard let route = exchange.route, var caller = exchange.caller else { return nil }
        caller.traceHeader = request.headers["x-amzn-trace-id"]
        let resolved = exchange
        var isStreaming = false
        var pending: WireResponse?
        // The head waits for the first bytes: a part without any would end the stream.
        func send(_ bytes: [UInt8]) {
            var part = pending ?? WireResponse(status: 200)
            pending = nil
            part.body += bytes
            stream(part)
        }
        let report = { (part: StreamPart) in
            if !isStreaming {
                isStreaming = true
                guard case .beginning(let output) = part else {
                    pending = route.beginning([:], requestID: resolved.requestID)
                    if case .event(let event) = part { send(route.encode(event: event)) }
                    return
                }
                pending = route.beginning(output, requestID: resolved.requestID)
                return
            }
            if case .event(let event) = part { send(route.encode(event: event)) }
        }
        return core.perform(
            service: route.service.id, operation: route.operation.name, input: exchange.input, caller: caller,
            requestID: exchange.requestID, cause: caller.traceHeader.flatMap(TraceHeader.cause),
            report: route.eventStream == nil ? nil : report
        ) { result in
            if isStreaming {
                if case .failure(let error) = result { send(route.encode(last: WireError(error))) }
                send([])
                return
            }
            let response =
                switch result {
                case .success(let output): route.encode(output, requestID: resolved.requestID)
                case .failure(let error): route.encode(WireError(error), requestID: resolved.requestID)
                }
            self.finish(resolved, response, respond)
        }
    }

    private func finish(
        _ exchange: Exchange, _ response: WireResponse, _ respond: @Sendable (WireResponse) -> Void
    ) {
        respond(response)
        guard let accessLog else { return }
        let what = exchange.route.map { "\($0.service.id).\($0.operation.name)" } ?? exchange.request.target
        accessLog(
            "\(exchange.origin.remoteIP) \(exchange.request.method) \(what) \(response.status) \(exchange.requestID)")
    }

    /// A body larger than AWS takes anywhere.
    func oversized() -> WireResponse {
        Self.plain(413, "The request is larger than \(ConnectionHandler.maximumBodyBytes) bytes.")
    }

    private static func plain(_ status: Int, _ message: String) -> WireResponse {
        WireResponse(
            status: status, headers: ["content-type": "application/json"],
            body: JSONWriter.bytes(["message": .string(message)]))
    }
}

// MARK: - The steps

/// Why a step ends the chain.
enum Refusal: Error {
    /// No operation was found: the error knows in which protocol to say so.
    case routing(RoutingFailure)
    case error(WireError)

    func response(to exchange: Exchange) -> WireResponse {
        switch self {
        case .routing(let failure): failure.response(requestID: exchange.requestID)
        case .error(let error):
            exchange.route?.encode(error, requestID: exchange.requestID)
                ?? AWSJSONProtocol().encodeError(error, of: nil, requestID: exchange.requestID)
        }
    }
}

extension HandlerChain {
    private static func resolve(_ exchange: inout Exchange, _ resolver: RouteResolver) throws(Refusal) {
        do throws(RoutingFailure) {
            exchange.route = try resolver.resolve(exchange.request)
        } catch {
            throw .routing(error)
        }
    }

    private static func decode(_ exchange: inout Exchange) throws(Refusal) {
        guard let route = exchange.route else { return }
        var request = exchange.request
        if route.service.id == .s3 {
            // AWS: here a content encoding belongs to the object, except for the one that is about the transfer.
            do throws(WireError) {
                try ChunkedPayload.decode(&request)
            } catch {
                throw .error(error)
            }
        } else if request.headers["content-encoding"] == "gzip" {
            guard let body = GzipBody.decode(request.body) else {
                throw .error(WireError("SerializationException", "The request's body is no gzip stream."))
            }
            request.body = body
        }
        do throws(WireError) {
            exchange.input = try route.decode(request)
        } catch {
            throw .error(error)
        }
    }

    private static func validate(_ exchange: Exchange) throws(Refusal) {
        guard let route = exchange.route else { return }
        if let failure = ModelValidator.validate(exchange.input, route.operation, of: route.service) {
            throw .error(WireError(failure.code, failure.message))
        }
    }

    private static func refuseWrites(_ exchange: Exchange) throws(Refusal) {
        guard let route = exchange.route, !route.operation.isObservation else { return }
        throw .error(
            WireError(
                "AccessDeniedException",
                "This world is open read-only: \(route.operation.name) would change it. Start skua without --read-only.",
                status: 403, queryCode: "AccessDenied"))
    }
}

extension WireError {
    init(_ error: ServiceError) {
        self.init(
            error.code, error.message, status: error.status, fault: error.fault == .client ? .client : .server,
            fields: error.fields, queryCode: error.queryCode, queryMessage: error.queryMessage)
    }
}
