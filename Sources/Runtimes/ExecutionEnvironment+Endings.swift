import Emulation
import NIOCore

/// The ways an invocation, a process and an environment end.
extension ExecutionEnvironment {
    /// The process answered.
    func finish(payload: [UInt8], status: InvocationStatus, streamedContentType: String? = nil) {
        drain()
        logs.flush { log($0) }
        conclude(payload: payload, status: status, errorType: nil, streamedContentType: streamedContentType) {
            freeSince = .now()
            if let retirement { condemn(.end(retirement)) } else { pool.free(self) }
        }
    }

    /// Writes the last lines and reports. `errorType` is told only of what the platform found out itself. `then` comes
    /// before the report, so that whoever gets the answer and asks again finds the environment free.
    private func conclude(
        payload: [UInt8], status: InvocationStatus, errorType: String?, streamedContentType: String? = nil,
        then: () -> Void = {}
    ) {
        guard var current = invocation else { return }
        timer?.cancel()
        timer = nil
        memoryTimer?.cancel()
        memoryTimer = nil
        let order = current.pending.order
        let now = NIODeadline.now()
        var duration = (now - (current.startedAt ?? now)).nanoseconds / 1000
        if status == .timeout { duration = Int64(description.timeoutSeconds) * 1_000_000 }
        let given = host.settings.figures?(order.requestID)
        if let given, status != .timeout { duration = given.durationMicroseconds }
        let initDuration = current.coldStart ? given?.initMicroseconds ?? initMicroseconds : nil
        let billed = ((duration + (initDuration ?? 0) + 999) / 1000) * 1000
        current.peakBytes = max(current.peakBytes, memory?.peakBytes() ?? 0)
        // AWS: what is over the limit is reported as the limit.
        let used = given?.megabytes ?? max(1, (current.peakBytes + 1_048_575) / 1_048_576)
        let megabytes = min(used, description.memorySizeMB)
        let ending: String? =
            switch status {
            case .success: nil
            case .timeout: "timeout"
            case .error, .crash: errorType == nil ? nil : "error"
            }
        if let end = platformLines.end(order.requestID) { log(end) }
        log(
            platformLines.report(
                ReportFigures(
                    requestID: order.requestID, durationMicroseconds: duration, billedMicroseconds: billed,
                    memorySizeMB: description.memorySizeMB, maxMemoryUsedMB: megabytes,
                    initDurationMicroseconds: initDuration, status: ending,
                    errorType: ending == "error" ? errorType : nil)))
        let tail = invocation?.tail.bytes ?? []
        invocation = nil
        then()
        report(
            .invocationEnded(
                InvocationReport(
                    requestID: order.requestID, environmentID: identity.id, payload: payload,
                    functionError: status == .success ? nil : "Unhandled", status: status,
                    durationMicroseconds: duration,
                    initDurationMicroseconds: initDuration, billedMicroseconds: billed, maxMemoryUsedMB: megabytes,
                    logTail: tail, coldStart: current.coldStart, streamedContentType: streamedContentType)))
    }

    func processEnded(_ end: ProcessEnd) {
        drain()
        logs.flush { log($0) }
        notePeak(Int(end.peakKilobytes) * 1024)
        if let process { host.spawner.release(process) }
        process = nil
        memory = nil
        parked = nil
        let sentence = sentence
        self.sentence = nil
        let requestID = invocation?.pending.order.requestID ?? ""

        switch phase {
        case .ended: return
        case .initializing(let attempt):
            if case .end(let reason) = sentence {
                abandon(reason, end)
                return
            }
            initializationFailed(attempt: attempt, sentence, end)
        case .ready:
            switch sentence {
            case .timeout:
                log(platformLines.timedOut(requestID, afterMicroseconds: Int64(description.timeoutSeconds) * 1_000_000))
                conclude(payload: timeoutPayload(requestID), status: .timeout, errorType: nil)
                close(.timeout)
            case .outOfMemory:
                crash(reason: "signal: killed", reportedType: "Runtime.OutOfMemory")
                close(.outOfMemory)
            case .end(let reason):
                abandon(reason, end)
            case .initTimeout, nil:
                guard let current = invocation else { return close(.exited) }
                if current.delivered {
                    crash(reason: PlatformErrors.reason(end), reportedType: "Runtime.ExitError")
                    close(.exited)
                } else {
                    // It went after its last answer and before it could see this order, which deserves a fresh one.
                    invocation = nil
                    close(.exited)
                    pool.startAnother(for: current.pending)
                }
            }
        }
    }

    /// Told to end by us, perhaps with an order in hand.
    private func abandon(_ reason: EnvironmentEndReason, _ end: ProcessEnd) {
        if invocation != nil { crash(reason: PlatformErrors.reason(end), reportedType: "Runtime.ExitError") }
        close(reason)
    }

    /// AWS: a failed INIT is done again inside the invocation, under the function's timeout.
    private func initializationFailed(attempt: Int, _ sentence: Sentence?, _ end: ProcessEnd) {
        timer?.cancel()
        timer = nil
        let requestID = invocation?.pending.order.requestID ?? ""
        let elapsed = (NIODeadline.now() - processStartedAt).nanoseconds / 1000
        var status = "error"
        var type: String? = initFailure?.type ?? "Runtime.ExitError"
        switch sentence {
        case .initTimeout, .timeout: (status, type) = ("timeout", nil)
        case .outOfMemory: type = "Runtime.OutOfMemory"
        case .end, nil: break
        }
        log(
            platformLines.initReport(
                description.initializationType.rawValue, microseconds: elapsed,
                phase: attempt == 1 ? "init" : "invoke", status: status, errorType: type))

        if attempt == 1, invocation != nil, let port = server?.localAddress?.port {
            phase = .initializing(attempt: 2)
            initFailure = nil
            startProcess(port: port)
            return
        }
        if invocation != nil {
            if invocation?.startedAt == nil { invocation?.startedAt = processStartedAt }
            log(platformLines.start(requestID, version: description.version))
            if case .timeout = sentence {
                log(platformLines.timedOut(requestID, afterMicroseconds: Int64(description.timeoutSeconds) * 1_000_000))
                conclude(payload: timeoutPayload(requestID), status: .timeout, errorType: nil)
            } else if let initFailure {
                conclude(payload: initFailure.payload, status: .error, errorType: initFailure.type)
            } else {
                crash(reason: PlatformErrors.reason(end), reportedType: "Runtime.ExitError")
            }
        }
        close(.initializationFailed)
    }

    private func timeoutPayload(_ requestID: String) -> [UInt8] {
        PlatformErrors.timeout(requestID, microseconds: Int64(description.timeoutSeconds) * 1_000_000)
    }

    private func crash(reason: String?, reportedType: String) {
        let requestID = invocation?.pending.order.requestID ?? ""
        let message = PlatformErrors.exitMessage(requestID, reason: reason)
        log(platformLines.crashed(requestID, message: message))
        conclude(
            payload: PlatformErrors.payload(type: "Runtime.ExitError", message: message), status: .crash,
            errorType: reportedType)
    }

    /// Nothing runs any more; gives everything back.
    private func close(_ reason: EnvironmentEndReason) {
        timer?.cancel()
        memoryTimer?.cancel()
        phase = .ended
        server?.close(promise: nil)
        server = nil
        if let temporaryDirectory { HostFiles.removeTree(temporaryDirectory) }
        pool.remove(self)
        report(.environmentEnded(environmentID: identity.id, reason: reason))
    }
}
