import AWSClient
import AWSModel

/// What the endpoint behind the console can do, beyond AWS's own operations.
public struct ConnectionCapabilities: Sendable, Hashable {
    /// Skua's engine: peek, why, time, timeline, topology, traffic, change news.
    public var hasEngine: Bool
    /// Calls that change something are refused before they are sent.
    public var isReadOnly: Bool

    public init(hasEngine: Bool, isReadOnly: Bool = false) {
        self.hasEngine = hasEngine
        self.isReadOnly = isReadOnly
    }
}

/// Answers everything with one clear error: what a screen finds where nothing is connected, as in snapshot tests.
struct DisconnectedTransport: Transport {
    func send(
        service: ServiceModel, operation: OperationModel, input: DocumentObject
    ) async throws(AWSError) -> DocumentObject {
        throw AWSError("ConnectionFailed", "The console is connected to nothing.")
    }
}

private enum ClientKey: ContextKey {
    static let defaultValue = AWSClient(transport: DisconnectedTransport(), maximumAttempts: 1)
}

private enum CapabilitiesKey: ContextKey {
    static let defaultValue = ConnectionCapabilities(hasEngine: true)
}

extension ConsoleContext {
    /// The way to every service.
    public var aws: AWSClient {
        get { self[ClientKey.self] }
        set { self[ClientKey.self] = newValue }
    }

    public var capabilities: ConnectionCapabilities {
        get { self[CapabilitiesKey.self] }
        set { self[CapabilitiesKey.self] = newValue }
    }
}
