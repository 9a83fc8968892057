import AWSModel

/// Something real that the engine wants done outside. Whoever performs it sends what happens back as commands.
public enum Effect: Sendable {
    /// Run a function; events come back until its `invocationEnded`.
    case invoke(InvocationOrder)
    /// Start environments ahead of need, one for each identity; what becomes of them comes back as runtime events.
    case warm(FunctionEnvironment, [EnvironmentIdentity])
    /// End a function's idle environments: its code or configuration changed, or it is gone.
    case retire(functionArn: String, version: String?)
    /// CPU-heavy or file work that must not hold up a turn. Its result comes back as ``EffectEvent/finished``.
    case work(@Sendable () -> WorkResult)
    /// Ask a server outside; its answer, or why there is none, comes back as ``EffectEvent/http``.
    case http(OutgoingRequest)
    /// Remove files below the world's directory; nothing comes back.
    case removeFiles([String])
}

/// What ``Effect/work(_:)`` came to.
public typealias WorkResult = Result<any Sendable, ServiceError>

public enum EffectEvent: Sendable {
    case runtime(RuntimeEvent)
    case finished(WorkResult)
    case http(OutgoingResult)
}

public struct EffectID: Sendable, Hashable {
    public var rawValue: UInt64
}

/// An effect on its way out.
public struct OutgoingEffect: Sendable {
    public var id: EffectID
    public var effect: Effect
}
