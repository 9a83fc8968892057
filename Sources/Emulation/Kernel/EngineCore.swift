import AWSModel

/// The whole engine as one synchronous object: services, clock, timers, journal, timeline.
///
/// A *turn* is everything that happens between ``beginTurn(wall:)`` and ``commit()``: calls, due timers, completed effects.
/// Replies and effects of a turn leave only after its rows are in the journal. Nothing here is thread-safe or needs
/// to be: ``Engine`` gives it one thread, tests call it directly.
public final class EngineCore {
    public let configuration: EngineConfiguration
    public internal(set) var clock: VirtualClock
    public var identifiers: IdentifierSource
    /// Of those who only look.
    private var observers = IdentifierSource(seed: 1)
    public let journal: Journal
    public let blobs: BlobStore
    public let timers = TimerQueue()
    public let timeline: Timeline
    public let changes = ChangeFeed()
    public let replies = PendingReplies()
    public var foreignTraces = ForeignTraces()
    public private(set) lazy var telemetry = Telemetry(core: self)
    public let authorizer: Authorizer

    private var services: [ServiceID: any Service] = [:]
    private var serviceOrder: [any Service] = []
    private var operationTables: [ServiceID: OperationTable] = [:]
    private var deferred: [() -> Void] = []
    private var outbox: [OutgoingReply] = []
    private var outgoingEffects: [OutgoingEffect] = []
    private var effectHandlers: [EffectID: (EffectEvent) -> Void] = [:]
    private var effectStarts: [EffectID: Instant] = [:]
    private var lastEffect: UInt64 = 0
    private var recordedClock: VirtualClock?
    /// Hears of environments that report after their invocation ended; set by the Lambda service.
    public var onRuntimeEvent: ((RuntimeEvent) -> Void)?
    /// Hears what services tell of themselves; set by EventBridge.
    public weak var serviceEventListener: (any ServiceEventListener)?
    /// Hears of a reset, to set up the new services as the old ones were where the program was put together.
    public var onReset: ((EngineCore) -> Void)?
    private let catalog: [(EngineCore) -> any Service]

    /// Opens the world's rows, restores every service and re-arms its timers.
    public init(
        configuration: EngineConfiguration, journal: Journal, blobs: BlobStore, wall: Instant,
        services catalog: [(EngineCore) -> any Service]
    ) throws(StorageError) {
        self.configuration = configuration
        self.journal = journal
        self.blobs = blobs
        self.catalog = catalog
        timeline = Timeline(limit: configuration.timelineLimit)
        authorizer = Authorizer()
        identifiers = IdentifierSource(seed: configuration.seed)
        clock = VirtualClock(now: wall, wall: wall)
        authorizer.enforcement = configuration.enforcement ?? .warn
        makeServices()
        try journal.migrate(EngineState.migrations + serviceOrder.flatMap { type(of: $0).migrations })
        let state = try EngineState.open(journal, seed: configuration.seed, wall: wall)
        identifiers = IdentifierSource(seed: state.seed, session: state.session)
        clock = state.clock
        for service in serviceOrder { try service.restore(from: journal.rows) }
        for service in serviceOrder { service.resume() }
        settle()
    }

    private func makeServices() {
        for make in catalog {
            let service = make(self)
            let id = type(of: service).id
            services[id] = service
            serviceOrder.append(service)
            operationTables[id] = service.operations
        }
    }

    /// Forgets the world: resources, what is under way, answers still owed, timers, rows and bodies. The clock goes on.
    public func reset() throws(StorageError) {
        settle()
        for service in serviceOrder { service.retire() }
        replies.failAll(.unavailable("The world was reset."))
        deferred.removeAll()
        timers.removeAll()
        effectHandlers.removeAll()
        effectStarts.removeAll()
        onRuntimeEvent = nil
        telemetry = Telemetry(core: self)
        authorizer.reset(to: configuration.enforcement ?? .warn)
        timeline.removeAll()
        try journal.removeAllRows(except: ["engine_state"])
        guard journal.commit() else { throw StorageError(.unwritable, journal.failureSentence) }
        blobs.removeAll()
        services.removeAll()
        operationTables.removeAll()
        serviceOrder.removeAll()
        makeServices()
        for service in serviceOrder { try service.restore(from: journal.rows) }
        for service in serviceOrder { service.resume() }
        onReset?(self)
        changes.markAll()
        settle()
    }

    public var now: Instant { clock.now }

    /// The one service of a type; nil where the catalog leaves it out.
    public func service<S: Service>(_ type: S.Type) -> S? { services[type.id] as? S }
    public var allServices: [any Service] { serviceOrder }
    /// What a service has built; nil for a service the engine does not have.
    public func operations(of service: ServiceID) -> OperationTable? { operationTables[service] }

    // MARK: Calls

    /// Performs an operation for a client. `completion` runs once, after the journal has what the call changed.
    /// `cause` is what led to the call, where the client says so: function code passes its trace header on.
    /// `report` gets the events of an answer that is a stream, as they come; nil where the client takes none.
    /// - Returns: what to pass to ``abandon(_:)`` when the client goes away first.
    @discardableResult
    public func perform(
        service: ServiceID, operation: String, input: DocumentObject, caller: Caller, requestID: String? = nil,
        cause: Cause? = nil, report: ((StreamPart) -> Void)? = nil, completion: @escaping (CallResult) -> Void
    ) -> PendingReplies.ID {
        let call = begin(service: service, operation: operation, caller: caller, cause: cause, requestID: requestID)
        return run(call, input, report: report) { [unowned self] result in
            outbox.append(
                OutgoingReply(
                    result: result, needsJournal: !OperationModel.isObservation(operation), completion: completion))
        }
    }

    /// An answer that waits for the turn's commit.
    private struct OutgoingReply {
        var result: CallResult
        /// Answers to mere looking need nothing on disk.
        var needsJournal: Bool
        var completion: (CallResult) -> Void
    }

    /// The client went away: what it waited for is taken back.
    public func abandon(_ id: PendingReplies.ID) { replies.abandon(id) }

    /// One service calling another inside a turn, on somebody's behalf. The completion runs within the turn in which
    /// the answer is known, never before this method returns.
    public func call<Input, Output>(
        _ operation: Operation<Input, Output>, _ input: Input, caller: Caller, cause: Cause,
        completion: @escaping (Result<Output, ServiceError>) -> Void
    ) {
        call(service: operation.service, operation: operation.name, input: input.document, caller: caller, cause: cause)
        {
            completion($0.map(Output.init))
        }
    }

    /// The untyped form of ``call(_:_:caller:cause:completion:)``, for integrations that name operations in data.
    public func call(
        service: ServiceID, operation: String, input: DocumentObject, caller: Caller, cause: Cause,
        completion: @escaping (CallResult) -> Void
    ) {
        later { [unowned self] in
            let call = begin(
                service: service, operation: operation, caller: caller, cause: cause, requestID: nil)
            run(call, input) { [unowned self] result in
                later { completion(result) }
            }
        }
    }

    private func begin(
        service: ServiceID, operation: String, caller: Caller, cause: Cause?, requestID: String?
    ) -> Call {
        // Looking draws no identifiers: how often somebody looks must not change what happens.
        guard !caller.isObserver else {
            return Call(
                service: service, operation: operation, caller: caller,
                requestID: requestID ?? observers.uuid(), time: now,
                cause: Cause(entry: cause?.entry, trace: cause?.trace ?? TraceID(rawValue: observers.next())))
        }
        let trace = cause?.trace ?? newTrace()
        let origin = cause ?? Cause(entry: nil, trace: trace)
        let entry = timeline.record(
            .call, service: service.arnName, action: operation, resource: "", cause: origin, at: now)
        return Call(
            service: service, operation: operation, caller: caller, requestID: requestID ?? identifiers.uuid(),
            time: now, cause: Cause(entry: entry, trace: trace))
    }

    @discardableResult
    private func run(
        _ call: Call, _ input: DocumentObject, report: ((StreamPart) -> Void)? = nil,
        _ completion: @escaping (CallResult) -> Void
    ) -> PendingReplies.ID {
        let entry = call.caller.isObserver ? nil : call.cause.entry
        if let entry { timeline.attach(entry, input: .document(input)) }
        let answered = { [unowned self] (result: CallResult) in
            if let entry { tell(entry, of: result) }
            completion(result)
        }
        let id = replies.open(answered, report: report)
        do throws(ServiceError) {
            guard let body = operationTables[call.service]?.bodies[call.operation] else {
                throw .notImplemented(service: call.service, operation: call.operation)
            }
            try authorizer.authorize(call, input)
            if journal.isFailing, !OperationModel.isObservation(call.operation) {
                throw .unavailable(journal.failureSentence)
            }
            if let output = try body(input, call, OperationTable.PendingReply(core: self, id: id)) {
                replies.answer(id, .success(output))
            }
        } catch {
            replies.answer(id, .failure(error))
        }
        return id
    }

    /// How a call ended, and when.
    private func tell(_ entry: TimelineEntry.ID, of result: CallResult) {
        switch result {
        case .success(let output):
            timeline.amend(entry, endedAt: now)
            timeline.attach(entry, output: .document(output))
        case .failure(let error):
            timeline.amend(entry, error: error.code, endedAt: now)
            timeline.attach(entry, output: .document(["code": .string(error.code), "message": .string(error.message)]))
        }
    }

    /// Names the resource a call was about, for the timeline.
    public func attribute(_ call: Call, to resourceArn: String, detail: String? = nil) {
        guard !call.caller.isObserver, let entry = call.cause.entry else { return }
        timeline.amend(entry, resource: resourceArn, detail: detail)
    }

    /// Records something that no client asked for: a delivery, a transition.
    public func record(
        _ kind: TimelineEntry.Kind, service: String, action: String, resource: String, cause: Cause?,
        error: String? = nil, detail: String = ""
    ) -> Cause {
        let origin = cause ?? Cause(entry: nil, trace: newTrace())
        let entry = timeline.record(
            kind, service: service, action: action, resource: resource, cause: origin, error: error, detail: detail,
            at: now)
        return Cause(entry: entry, trace: origin.trace)
    }

    public func newTrace() -> TraceID { TraceID(rawValue: identifiers.next()) }

    // MARK: Within a turn

    /// Runs `body` later in this turn, after what is running now: the way services notify each other without re-entry.
    public func later(_ body: @escaping () -> Void) { deferred.append(body) }

    /// Runs `action` when engine time reaches `time`; at once, in order, if that is past.
    @discardableResult
    public func schedule(at time: Instant, _ label: TimerLabel, _ action: @escaping () -> Void) -> TimerID {
        timers.schedule(at: max(time, now), label, action)
    }

    public func cancel(_ timer: TimerID?) {
        if let timer { timers.cancel(timer) }
    }

    /// Sends an effect out after the turn is committed. `handler` hears every event it reports.
    @discardableResult
    public func start(_ effect: Effect, handler: @escaping (EffectEvent) -> Void = { _ in }) -> EffectID {
        lastEffect += 1
        let id = EffectID(rawValue: lastEffect)
        switch effect {
        case .invoke, .work, .http:
            effectHandlers[id] = handler
            effectStarts[id] = now
        case .warm, .retire, .removeFiles: break
        }
        outgoingEffects.append(OutgoingEffect(id: id, effect: effect))
        return id
    }

    /// Real work that has not come back yet; as long as there is some, time runs no faster than the wall.
    public var effectsOut: Int { effectStarts.count }

    // MARK: Turns, driven by the shell or a test

    /// Brings engine time up to the wall, firing what falls due on the way.
    public func beginTurn(wall: Instant) {
        let target = clock.target(at: wall, effectsOut: effectsOut > 0)
        clock.setWall(wall)
        fireTimers(upTo: target)
        if clock.now < target { clock.advance(to: target) }
        continueJump()
    }

    /// Something an effect did. Call within a turn.
    public func effectReported(_ id: EffectID, _ event: EffectEvent) {
        guard let handler = effectHandlers[id] else {
            // An environment may end long after its last invocation did.
            if case .runtime(let event) = event { onRuntimeEvent?(event) }
            settle()
            return
        }
        if event.isLast {
            effectStarts[id] = nil
            effectHandlers[id] = nil
            switch event {
            case .runtime(.invocationEnded(let report)):
                chargePausedDuration(report.durationMicroseconds + (report.initDurationMicroseconds ?? 0))
            case .http(let result): chargePausedDuration(result.durationMicroseconds)
            case .runtime, .finished: break
            }
        }
        handler(event)
        settle()
        continueJump()
    }

    /// A paused clock still owes the time that a real invocation or request took.
    private func chargePausedDuration(_ microseconds: Int64) {
        guard clock.mode == .paused, clock.jumpTarget == nil else { return }
        let end = clock.now + .microseconds(microseconds)
        fireTimers(upTo: end)
        clock.advance(to: end)
    }

    /// Runs deferred work until there is none.
    public func settle() {
        var index = 0
        while index < deferred.count {
            deferred[index]()
            index += 1
        }
        deferred.removeAll(keepingCapacity: true)
    }

    /// Ends the turn: rows to the journal, then replies and watchers. Where the journal fails, replies become errors.
    public func commit() {
        settle()
        changes.notify()
        settle()
        if journal.hasPending, !EngineState.follows(clock, from: recordedClock) {
            EngineState.record(clock, in: journal)
            recordedClock = clock
        }
        let isDurable = journal.commit()
        let replies = outbox
        outbox.removeAll(keepingCapacity: true)
        for reply in replies {
            if isDurable || !reply.needsJournal {
                reply.completion(reply.result)
            } else {
                // What was done stays done and is written once it can be; but nobody is told that it is safe.
                reply.completion(reply.result.flatMap { _ in .failure(.unavailable(journal.failureSentence)) })
            }
        }
    }

    public func takeEffects() -> [OutgoingEffect] {
        guard !outgoingEffects.isEmpty, !journal.hasPending else { return [] }
        defer { outgoingEffects.removeAll(keepingCapacity: true) }
        return outgoingEffects
    }

    /// Wall time until the engine next has something to do by itself; nil for never.
    public func wallDelayUntilNextTimer() -> Duration? {
        guard let next = timers.nextTime else { return nil }
        return clock.wallDelay(until: next, effectsOut: effectsOut > 0)
    }

    private func fireTimers(upTo target: Instant) {
        settle()
        while let (time, action) = timers.popDue(at: target) {
            clock.advance(to: time)
            action()
            settle()
        }
    }
}

// MARK: - Time as a control

extension EngineCore {
    public func setClockMode(_ mode: VirtualClock.Mode) {
        clock.setMode(mode)
        clockChanged()
    }

    /// Goes to `target` as fast as events allow; real effects on the way are waited for.
    public func jump(to target: Instant) {
        clock.beginJump(to: target)
        continueJump()
        clockChanged()
    }

    /// Goes to the next event and lets it happen.
    public func step() {
        guard let next = timers.nextVisibleTime else { return }
        jump(to: next)
    }

    func clockChanged() {
        changes.mark("skua:clock")
        EngineState.record(clock, in: journal)
    }

    /// One slice of a jump: stops at the target, or as soon as something real is out.
    func continueJump() {
        guard let target = clock.jumpTarget else { return }
        while effectsOut == 0, let next = timers.nextTime, next <= target {
            fireTimers(upTo: next)
        }
        guard effectsOut == 0 else { return }
        clock.advance(to: target)
        clock.endJump()
        clockChanged()
    }
}

extension EffectEvent {
    /// After this the clock need not wait for the effect any more, and its handler hears no more.
    var isLast: Bool {
        switch self {
        case .finished, .http: true
        case .runtime(.invocationEnded): true
        case .runtime: false
        }
    }
}
